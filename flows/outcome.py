"""What a flow found and did, for the log, for Prefect's artifacts and for tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """Udfald: one Danish sentence, and a row for each thing done (column -> text)."""

    summary: str
    rows: tuple[dict[str, str], ...] = ()
    failures: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.failures)
