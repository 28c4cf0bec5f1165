"""Feeds: the private calendars that people subscribe to, kept, chosen and written."""
