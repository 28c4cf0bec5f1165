"""The matrix of schools and deliverables: what is asked for, what it shows, and how it is written."""
