"""`kvalitet schools …`."""
