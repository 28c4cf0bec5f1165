"""Prefect's side of the wheel: one file per flow, each a plain `run` and a short flow around it."""
