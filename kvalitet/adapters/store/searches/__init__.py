"""Searches: what a page with a filter asks the store for, a portion at a time."""
