"""Reports: the yearly quality report, made of the same facts as the board."""
