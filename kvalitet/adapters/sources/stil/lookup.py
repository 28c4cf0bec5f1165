"""Opslag i STIL's katalog (`skema`), før der spørges: whether all that a question needs is still there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kvalitet.adapters.sources.source import ExtractRequest, SourceBrokenError
from kvalitet.adapters.sources.stil.api import QuestionRefusedError, StilTalk
from kvalitet.adapters.sources.stil.cubes import CatalogueEntry, Cube, bare, stil_year
from kvalitet.adapters.sources.stil.keys import SITE

MOST_NAMES = 12


@dataclass(frozen=True)
class Lookup:
    """Opslag: what one cube must have, for one request."""

    talk: StilTalk
    cube: Cube
    request: ExtractRequest
    indicators: list[str]

    def entry(self) -> CatalogueEntry | None:
        """Give the cube's entry, or None where it lacks the school year; raise SourceBrokenError for all else."""
        entry = self._entry()
        self._check("nøgletal", self.cube.columns_of(self.indicators), [bare(name) for name in entry.measures])
        self._check("dimensionen", self._dimensions(), entry.dimensions)
        if stil_year(self.request.school_year) not in self.talk.members(self.cube.place, self.cube.year):
            return None
        for dimension, members in self._filters().items():
            self._check_filter(dimension, members, self.talk.members(self.cube.place, dimension))
        self._check_members()
        return entry

    def _entry(self) -> CatalogueEntry:
        try:
            entry = self.talk.entry(self.cube.place)
        except QuestionRefusedError:
            entry = CatalogueEntry((), ())
        if not entry.measures:
            raise SourceBrokenError(
                f"{SITE} har ikke længere kuben {self.cube.name}. {self._neighbours()} Ret stedet i cubes.yaml."
            )
        return entry

    def _neighbours(self) -> str:
        """Name what the subject has now, where it can still be asked."""
        subject = {word: self.cube.place[word] for word in ("område", "emne")}
        try:
            names = self.talk.members(subject)
        except QuestionRefusedError:
            names = ()
        return f"Emnet har nu: {_some(names)}." if names else "Emnet findes heller ikke."

    def _dimensions(self) -> list[str]:
        levels = (self.cube.dimensions(level) for level in self.cube.levels)
        return list(dict.fromkeys([*(name for names in levels for name in names), *self._filters()]))

    def _filters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for level in self.cube.levels:
            found |= self.cube.filters_of(self.request, level)
        found.pop(self.cube.year)
        return found

    def _check_filter(self, dimension: str, members: Sequence[str], there: Sequence[str]) -> None:
        if dimension not in {self.cube.municipality, self.cube.residents}:
            self._check(f"{dimension} =", members, there)
        elif not set(members) <= set(there):
            raise SourceBrokenError(
                f"{SITE} kender ikke kommunen {members[0]} i kuben {self.cube.name}; det nærmeste er "
                f"{_some(_nearest(there, members[0])[:3])}. Er kommunens navn i municipality.yaml rigtigt?"
            )

    def _check(self, kind: str, wanted: Sequence[str], there: Sequence[str]) -> None:
        gone = [name for name in wanted if name not in there]
        if gone:
            new = [name for name in there if name not in wanted]
            raise SourceBrokenError(
                f"{SITE} har ikke længere {kind} {', '.join(gone)} i kuben {self.cube.name}, "
                f"men har nu også: {_some(_nearest(new, gone[0]))}. Ret navnene i cubes.yaml."
            )

    def _check_members(self) -> None:
        """Each indicator that is one member of a dimension goes by one of its known names."""
        dimension = self.cube.member_dimension
        needed = [self.cube.members[key] for key in self.indicators if key in self.cube.members]
        if dimension is None or not needed:
            return
        there = self.talk.members(self.cube.place, dimension)
        for names in needed:
            if not set(names) & set(there):
                raise SourceBrokenError(
                    f"{SITE} har ikke længere {' eller '.join(names)} i kuben {self.cube.name}, "
                    f"men {_some(there)}. Ret navnene i cubes.yaml."
                )


def _nearest(names: Iterable[str], name: str) -> list[str]:
    """The names most like one that is gone come first: among them is likely its new name."""
    return sorted(names, key=lambda other: -SequenceMatcher(a=name, b=other).ratio())


def _some(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMES
    return (", ".join(names[:MOST_NAMES]) or "intet nyt") + (f" og {rest} til" if rest > 0 else "")
