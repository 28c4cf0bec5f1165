"""Access on the pages: who may open which, and how one logs in."""
