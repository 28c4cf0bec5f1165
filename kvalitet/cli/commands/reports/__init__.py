"""Commands about the yearly report."""
