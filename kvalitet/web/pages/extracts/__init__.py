"""Pages of the extracts: how far each has come, and one pull with what is wrong with it and who decides."""
