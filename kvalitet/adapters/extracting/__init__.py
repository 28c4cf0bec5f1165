"""Extracts: pulling figures from their sources, checking them, and putting them on show whole or not at all."""
