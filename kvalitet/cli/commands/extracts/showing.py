"""`kvalitet extract list` and `show`: every try at a source, and all that is known of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.extracting.asking import source_name
from kvalitet.adapters.extracting.dossiers import Dossier, dossier
from kvalitet.adapters.extracting.reviewing import title_of
from kvalitet.adapters.extracting.telling import written
from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.extracts import pulls
from kvalitet.adapters.store.extracts.reviews import Ruling
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command
from kvalitet.cli.opening import chosen, opened

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.extracts.pulls import Pull
    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.municipality import Municipality

HEADINGS = ("Nr.", "Kilde", "Forekomst", "Hentet", "Udfald", "Tal", "Næste forsøg")
RULINGS = {Ruling.RELEASED: "Frigivet", Ruling.REJECTED: "Afvist"}
PROBLEMS = ("Række", "Hvad", "Hvem", "Værdi", "Hvorfor")
Number = Annotated[int, typer.Argument(metavar="NR", help="Hentningens nummer, som »kvalitet extract list« viser.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `kvalitet extract`."""
    app.command("list", cls=Command)(list_pulls)
    app.command(cls=Command)(show)


def list_pulls(
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis hver gang, der er hentet eller indlæst tal, og hvad der kom ud af det."""
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        with installation.store.read() as connection:
            tried = pulls.pulls(connection, found.key)
            kept = {each.id: each for each in snapshots.snapshots(connection, found.key)}
    rows = [(each, kept.get(each.snapshot or 0)) for each in tried]
    if as_json:
        output.say_json([as_row(*row) for row in rows])
    else:
        output.table(HEADINGS, [_texts(*row) for row in rows], empty="Der er ikke hentet nogen tal endnu.")


def show(
    number: Number,
    home: options.Home = None,
    files: options.Files = None,
    *,
    confidential: Annotated[
        bool, typer.Option("--confidential", help="Vis også fortrolige tal (prøver og test).", show_default=False)
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Vis én hentning: hvad der er galt med den, hvad den ændrer, og hvem der har afgjort den."""
    with opened(home, files) as installation:
        found = municipality_of(installation, number)
        with installation.store.read() as connection:
            known = dossier(connection, found, number, sees_confidential=confidential)
    assert known
    if as_json:
        output.say_json(_as_dossier(known))
    else:
        _say(known)


def municipality_of(installation: Installation, number: int) -> Municipality:
    """Find whose pull it is."""
    with installation.store.read() as connection:
        tried = pulls.pull(connection, number)
    if tried is None:
        raise UserError(f"Der er ingen hentning nr. {number}; se numrene med »kvalitet extract list«.")
    return installation.municipality(tried.municipality)


def newest_of(connection: Connection, municipality: Municipality, kept: Snapshot) -> dict[str, Any]:
    """Give the newest try that brought a snapshot home."""
    newest, *_ = pulls.of_snapshot(connection, kept.id)
    return as_row(newest, snapshots.snapshot(connection, municipality.key, kept.id))


def as_row(tried: Pull, kept: Snapshot | None) -> dict[str, Any]:
    """Give a try by its stable keys."""
    return {
        "id": tried.id,
        "municipality": tried.municipality,
        "occurrence": tried.occurrence,
        "source": tried.source,
        "school_year": tried.school_year.label if tried.school_year else None,
        "outcome": tried.outcome.value if tried.outcome else None,
        "detail": tried.detail,
        "pulled_at": tried.began_at.isoformat(),
        "next_try": tried.next_try.isoformat() if tried.next_try else None,
        "published_at": kept.published_at.isoformat() if kept and kept.published_at else None,
        "rows": kept.rows if kept else None,
        "sha256": kept.sha256 if kept else None,
    }


def _texts(tried: Pull, kept: Snapshot | None) -> tuple[str, ...]:
    return (
        str(tried.id),
        source_name(tried.source),
        tried.occurrence or "",
        f"{danish.local(tried.began_at):%d.%m.%Y}",
        tried.outcome.danish if tried.outcome else "i gang",
        str(kept.rows) if kept else "",
        danish.date_text(tried.next_try) if tried.next_try else "",
    )


def _as_dossier(known: Dossier) -> dict[str, Any]:
    decision, change = known.decision, known.change
    return as_row(known.pull, known.snapshot) | {
        "request": dict(known.request),
        "is_held": known.is_held,
        "findings": [
            {name: getattr(found, name) for name in ("holds", "row", "column", "value", "unit", "indicator", "why")}
            for found in known.findings
        ],
        "new": len(change.new),
        "gone": len(change.gone),
        "revised": [
            {
                "indicator": each.now.indicator,
                "school_year": each.now.school_year.label,
                "unit": each.now.unit,
                "former": written(each.former),
                "now": written(each.now),
            }
            for each in change.revised
        ],
        "decision": decision.decision.value if decision else None,
        "reason": decision.reason if decision else None,
        "decided_by": decision.decided_by if decision else None,
        "decided_at": decision.decided_at.isoformat() if decision else None,
    }


def _say(known: Dossier) -> None:
    tried, decision = known.pull, known.decision
    output.say(f"Hentning nr. {tried.id}, {source_name(tried.source)}: {tried.detail}")
    if known.findings:
        rows = [(str(found.row or ""), found.column, found.unit, found.value, found.why) for found in known.findings]
        output.table(PROBLEMS, rows, empty="")
    for each in known.change.revised:
        place = f"{title_of(each.now.indicator)} {each.now.school_year.label}, {each.now.unit}"
        output.say(f"Rettet bagud: {place}: {written(each.former)} er nu {written(each.now)}.")
    if decision:
        output.say(f"{RULINGS[decision.decision]} af {decision.decided_by}: {decision.reason}")
    elif known.is_held:
        output.say(f"Vis tallene med »kvalitet extract release {tried.id}«, eller afvis dem med »extract reject«.")
