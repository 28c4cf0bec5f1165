"""Mail on the board: the outbox, what comes back, and the preview of a day."""
