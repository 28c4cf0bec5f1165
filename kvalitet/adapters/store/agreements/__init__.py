"""What was agreed with one school: its own due dates, and the phone calls about them."""
