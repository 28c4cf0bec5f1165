"""Dispatch: which mail goes next, what became of it, and what people decide about it."""
