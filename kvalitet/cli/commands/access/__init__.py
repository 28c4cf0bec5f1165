"""Commands about who is let in to the pages."""
