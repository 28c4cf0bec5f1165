"""Mail: from a message to bytes, from the outbox to the server, and the answers back."""
