"""Charts: figures drawn as SVG, for the pages and for what is printed; values go in, and text comes out."""
