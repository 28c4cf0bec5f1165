"""Answering: what need not be made, or not be packed, a second time."""
