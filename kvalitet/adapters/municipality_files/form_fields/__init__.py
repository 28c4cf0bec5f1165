"""Form fields in a municipality's files: what may stand there, whether it is sound, and what is made of it."""
