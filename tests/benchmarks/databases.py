"""Databases for measuring: as many fresh ones as there are rounds."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from kvalitet.adapters.store import Store
from tests import databases


@dataclass
class Fresh:
    """Friske databaser: copies of one that was migrated once, gone when the test ends."""

    kind: str
    folder: Path
    template: Path | str
    server: URL | None
    stack: ExitStack
    made: list[str] = field(default_factory=list)

    def url(self) -> str:
        """Make one more database, and give its address."""
        if isinstance(self.template, Path):
            url = databases.copy_of_sqlite(self.template, self.folder / f"{len(self.made)}.sqlite")
        else:
            assert self.server is not None
            url = self.stack.enter_context(databases.empty_postgres(self.server, template=self.template))
        self.made.append(url)
        return url

    def store(self) -> Store:
        """Open one more database, until the test ends."""
        store = Store.open(self.url())
        self.stack.callback(store.close)
        return store
