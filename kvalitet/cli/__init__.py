"""The command line: where settings, files, store, flows and clock are put together."""

from kvalitet.cli.app import app, main

__all__ = ["app", "main"]
