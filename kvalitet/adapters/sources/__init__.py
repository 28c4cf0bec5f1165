"""Datakilder: where the figures of an extract come from. `source.py` says what every source does."""
