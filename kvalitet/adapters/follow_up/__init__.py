"""Following up: the reminder ladder day by day, pauses, and what a person asks to be sent."""
