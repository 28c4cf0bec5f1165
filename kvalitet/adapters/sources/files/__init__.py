"""Filer: the Danish CSV and Excel files of figures that a municipality gets, saves and sends on."""
