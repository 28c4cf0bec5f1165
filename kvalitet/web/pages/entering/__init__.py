"""Typing in figures that no source has."""
