"""The shell: everything that touches files, networks, databases and the clock."""
