"""Real mail programs, driven through an invitation's whole life; run by hand with `make check-clients`."""
