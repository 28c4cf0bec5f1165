"""Reporting: the measurements as one table, on the terminal and in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.benchmarks.measuring import Measured

COLUMNS = ("Måling", "Grænse", "Forhold", "Sekunder", "Grænsens sekunder", "Rækker/s", "Top i hukommelsen")

EXPLAINED = """\
Hver måling står ved siden af sin egen grænse: det mindste, som databasen (og mailens opsætning) i sig selv koster.
De to sider måles skiftevis i samme kørsel, og det bedste af flere forsøg gælder, fordi maskinen deles med andre.
Forholdet er det, der kan sammenlignes mellem maskiner; sekunderne hører til den maskine, der står her.
Hukommelsen er det meste, som arbejdets egne Python-værdier fyldte, målt i en omgang for sig.
SQLite venter på disken ved hver transaktion; prøvernes PostgreSQL gør ikke.

- **Et år for 1.100 skoler**: 14 leverancer og en samtale pr. skole og to møder pr. skolegruppe planlægges, mødedatoer
  foreslås, og alt skrives. Grænsen er de samme rækker sat ind med databasens egen driver i én transaktion.
- **20 dage uden noget på tide**: blandt 1.000.000 leverancer i én kommune. Alle faser spørges hver dag (otte
  forespørgsler), og hjulets puls skrives. Den ene grænse er den indekserede forespørgsel om, hvad der vågner i dag,
  stillet gennem lageret; den anden er pulsens ene skrivning. Rækker/s er her leverancer pr. sekund, som ingen læser.
- **En dag med 15.400 leverancer på tide**: 14 leverancer åbner på én dag på 1.100 skoler. Grænsen er at sætte dagens
  mails op og sætte de samme rækker ind.
- **Et afspillet år for 15 skoler**: Kalundborgs hjul fra første til sidste dag. Grænsen er at sætte de samme mails
  op og sætte de samme rækker ind.

Mål selv med `make bench`. Denne side skrives af
`make bench ARGS='--measured-on 2026-11-22 --machine "2 kerner, 24 GB, delt"'`.
"""


def rows_of(found: Iterable[Measured]) -> list[tuple[str, ...]]:
    """Give the cells of the table, with Danish numbers."""
    return [
        (
            each.what,
            each.limit,
            _number(each.ratio, 1),
            _number(each.seconds, 4 if each.seconds < 0.1 else 2),
            _number(each.limit_seconds, 4 if each.limit_seconds < 0.1 else 2),
            _number(each.rows / each.seconds, 0),
            f"{_number(each.memory, 1)} MB",
        )
        for each in found
    ]


def as_markdown(found: Iterable[Measured], *, machine: str, measured_on: str) -> str:
    """Write the page."""
    table = [COLUMNS, ("---", "---", "---:", "---:", "---:", "---:", "---:"), *rows_of(found)]
    lines = [f"| {' | '.join(row)} |" for row in table]
    title = "# Hvor hurtigt det går"
    return "\n".join([title, "", f"Målt {measured_on} på {machine}.", "", *lines, "", EXPLAINED])


def as_text(found: Iterable[Measured]) -> list[str]:
    """Lay the table out for a terminal."""
    table: Sequence[tuple[str, ...]] = [COLUMNS, *rows_of(found)]
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
