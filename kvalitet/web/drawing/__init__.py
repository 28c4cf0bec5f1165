"""Drawing: the year wheel and the timeline as SVG, and the marks that they share with the pages."""
