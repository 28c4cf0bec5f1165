"""What somebody can work out: unknown numbers between bounds, tied together by equations that are known to hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations


@dataclass(frozen=True)
class Unknown:
    """A number that is not published; `value` is the truth, which only the test knows."""

    name: object
    value: Fraction
    low: Fraction
    high: Fraction


@dataclass
class System:
    """Equations `sum(weight * unknown) = something known`; what they sum to does not matter, since the truth fits."""

    unknowns: dict[object, Unknown] = field(default_factory=dict)
    rows: list[dict[object, Fraction]] = field(default_factory=list)
    other_names: dict[object, tuple[object, Fraction]] = field(default_factory=dict)

    def add(self, weights: dict[object, Fraction]) -> None:
        """Add an equation; numbers that are known fall out of it."""
        row: dict[object, Fraction] = {}
        for called, weight in weights.items():
            name, times = self.other_names.get(called, (called, Fraction(1)))
            if name in self.unknowns:
                row[name] = row.get(name, Fraction(0)) + weight * times
        row = {name: weight for name, weight in row.items() if weight}
        if row:
            self.rows.append(row)

    def alias(self, called: object, name: object, times: Fraction = Fraction(1)) -> None:
        """Say that one unknown is always so many times another, before any equation is added."""
        self.other_names[called] = name, times
        self.unknowns.pop(called, None)

    def determined(self) -> set[object]:
        """The unknowns that have only one possible value.

        Another solution is the truth plus a move that no equation notices and no bound stops. Every such move is a sum
        of moves of as few unknowns as possible that agree with it in direction, so it is enough to try those.
        """
        free: set[object] = set()
        names = list(self.unknowns)
        for size in range(1, len(self.rows) + 2):
            for chosen in combinations(names, size):
                move = self._only_move(chosen)
                if move and (self._is_possible(move, 1) or self._is_possible(move, -1)):
                    free.update(chosen)
        return set(names) - free

    def _is_possible(self, move: dict[object, Fraction], direction: int) -> bool:
        return all(self._may(self.unknowns[name], step * direction) for name, step in move.items())

    def _may(self, unknown: Unknown, step: Fraction) -> bool:
        return unknown.value < unknown.high if step > 0 else unknown.value > unknown.low

    def _only_move(self, chosen: tuple[object, ...]) -> dict[object, Fraction] | None:
        """The one move, but for its length, that changes all of the chosen unknowns and no others."""
        rows, pivots = _eliminated([[row.get(name, Fraction(0)) for name in chosen] for row in self.rows])
        if len(pivots) != len(chosen) - 1:
            return None
        loose = next(column for column in range(len(chosen)) if column not in pivots)
        steps = [Fraction(0)] * len(chosen)
        steps[loose] = Fraction(1)
        for row, pivot in zip(rows, pivots, strict=False):
            steps[pivot] = -row[loose]
        return dict(zip(chosen, steps, strict=True)) if all(steps) else None


def _eliminated(rows: list[list[Fraction]]) -> tuple[list[list[Fraction]], list[int]]:
    """Bring the rows on reduced echelon form; gives the columns that lead as well."""
    pivots: list[int] = []
    for column in range(len(rows[0]) if rows else 0):
        rank = len(pivots)
        found = next((n for n in range(rank, len(rows)) if rows[n][column]), None)
        if found is None:
            continue
        rows[rank], rows[found] = rows[found], rows[rank]
        rows[rank] = [cell / rows[rank][column] for cell in rows[rank]]
        for number, row in enumerate(rows):
            if number != rank and row[column]:
                rows[number] = [a - row[column] * b for a, b in zip(row, rows[rank], strict=True)]
        pivots.append(column)
    return rows, pivots
