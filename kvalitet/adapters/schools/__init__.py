"""Schools: what happened to one school in a year, and what its leader and the director talk about."""
