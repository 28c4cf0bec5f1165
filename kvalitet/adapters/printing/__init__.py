"""Printing: what is handed out on paper, as tagged PDF that a screen reader can read."""
