"""The database itself: opening it, bringing it up to date, and what statements share."""
