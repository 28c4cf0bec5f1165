"""Nøgletal på vej ud: what of the kept figures may be shown, and to whom."""
