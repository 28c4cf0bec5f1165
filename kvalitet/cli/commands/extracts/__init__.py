"""`kvalitet extract`: pulling figures, reading them from a file, seeing what came of it, and deciding."""
