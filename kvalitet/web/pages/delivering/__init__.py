"""Pages of delivering: the form, its drafts, and what the director says of what was delivered."""
