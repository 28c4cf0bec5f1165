"""Indtastede tal: figures that no source has, which a person types in."""
