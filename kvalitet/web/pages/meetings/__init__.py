"""Pages of meetings: when they are held, and what they are about."""
