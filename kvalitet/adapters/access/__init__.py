"""Access: who is let in, how, for how long, and what they did."""
