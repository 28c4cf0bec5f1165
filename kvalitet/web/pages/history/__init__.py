"""Pages of what happened: the log of the year, and the audit of who did what on the pages."""
