"""Pages: what each address of the board shows and takes in."""
