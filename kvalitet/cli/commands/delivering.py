"""`kvalitet deliver`, `waive` and `extend`: what a school hands in, need not hand in, or hands in later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kvalitet.adapters import clock, danish, deliveries
from kvalitet.adapters.delivering import decisions
from kvalitet.adapters.delivering.scanning import InfectedError, note_infected
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import HEAD, kind_problem
from kvalitet.adapters.follow_up import extending
from kvalitet.adapters.store import deliveries as store_deliveries
from kvalitet.adapters.store.deliveries import Submission
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import day_of, opened, planned_occurrence
from kvalitet.messages import unit_name
from kvalitet.status import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.deliveries import StoredFile
    from kvalitet.occurrences import Occurrence

CHUNK = 1024 * 1024
app = typer.Typer(cls=Group, rich_markup_mode=None)


@app.command(cls=Command)
def deliver(  # noqa: PLR0913 -- each is an option of the command
    key: options.Key,
    by: Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der afleverer.")],
    fields: Annotated[
        list[str] | None, typer.Option("--field", metavar="FELT=SVAR", help="Et svar; gentages for hvert felt.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FIL", help="Filen, der afleveres.")] = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Aflevér på en skoles vegne.

    Påmindelser standser, skolen får en kvittering, og statusoverblikket følger med.
    """
    answers = _answers(fields or [])
    with opened(home, files) as installation:
        municipality, occurrence = planned_occurrence(installation, key)
        kept = _keep(installation, occurrence, file, by=by) if file else None
        made = deliveries.deliver(installation, key, Submission(answers, by, kept), now=clock.now())
    if as_json:
        output.say_json(
            {
                "key": made.occurrence,
                "version": made.version,
                "delivered_at": made.delivered_at.isoformat(),
                "delivered_by": made.delivered_by,
                "answers": dict(made.answers),
                "file": made.file.name if made.file else None,
                "sha256": made.file.sha256 if made.file else None,
            }
        )
    else:
        unit = unit_name(municipality, occurrence)
        when = danish.date_text(danish.local(made.delivered_at).date())
        output.say(f"Afleveret: {occurrence.title}, {unit}, udgave {made.version}, {when}. Kvitteringen er på vej.")


@app.command(cls=Command)
def waive(
    key: options.Key,
    reason: Annotated[str, typer.Option("--reason", metavar="TEKST", help="Hvorfor; vises på statusoverblikket.")],
    by: Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der fritager.")] = "forvaltningen",
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Fritag en skole for en aflevering."""
    with opened(home, files) as installation:
        municipality, occurrence = planned_occurrence(installation, key)
        new = deliveries.waive(installation, key, reason=reason, by=by, now=clock.now())
    if as_json:
        output.say_json({"key": key, "reason": reason, "waived_by": by, "changed": new})
    else:
        unit = unit_name(municipality, occurrence)
        output.say(f"{unit} er fritaget for »{occurrence.title}«." if new else f"{unit} var fritaget i forvejen.")


@app.command(cls=Command)
def extend(  # noqa: PLR0913 -- each is an option of the command
    key: options.Key,
    due: Annotated[
        str | None, typer.Argument(metavar="DATO", help="Den nye frist, fx 2026-10-16.", show_default=False)
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEKST", help="Hvorfor; vises på forekomstens side.", show_default=False)
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der udsætter.")] = "forvaltningen",
    home: options.Home = None,
    files: options.Files = None,
    *,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Tag udsættelsen tilbage.", show_default=False)
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Udsæt en skoles frist for en aflevering.

    Den nye frist gælder overalt, og de andre skoler beholder deres.
    """
    if (due is None) is not take_back:
        raise UserError("Skriv den nye frist, fx 2026-10-16, eller --take-back, men ikke begge dele.")
    with opened(home, files) as installation:
        planned_occurrence(installation, key)
        if due is None:
            extending.take_back(installation, key, by=by, now=clock.now())
            new = True
        else:
            new = extending.extend(installation, key, due=day_of(due), reason=reason, by=by, now=clock.now())
        municipality, occurrence = planned_occurrence(installation, key)
    if as_json:
        holds = occurrence.due.isoformat()
        output.say_json({"key": key, "due": holds, "reason": reason.strip(), "extended_by": by, "changed": new})
        return
    unit, day = unit_name(municipality, occurrence), danish.date_text(occurrence.due)
    again = "igen " if take_back else "" if new else "i forvejen "
    output.say(f"{unit}: fristen for »{occurrence.title}« er {again}{day}.")


@app.command(cls=Command)
def approve(
    key: options.Key,
    comment: Annotated[str, typer.Option("--comment", metavar="TEKST", help="Et par ord til skolen.")] = "",
    by: options.DecidedBy = "direktøren",
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Godkend den nyeste udgave af en aflevering.

    Skolen får en mail om det.
    """
    _decide(home, files, key, Decision.APPROVED, comment, by, as_json=as_json)


@app.command(cls=Command)
def send_back(
    key: options.Key,
    comment: Annotated[str, typer.Option("--comment", metavar="TEKST", help="Hvad skolen skal rette.")],
    by: options.DecidedBy = "direktøren",
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Send den nyeste udgave af en aflevering retur med en kommentar.

    Skolen får en mail om det, og påmindelserne kommer igen, til der er afleveret på ny.
    """
    _decide(home, files, key, Decision.SENT_BACK, comment, by, as_json=as_json)


def _decide(  # noqa: PLR0913 -- what both commands are given
    home: Path | None, files: Path | None, key: str, decision: Decision, comment: str, by: str, *, as_json: bool
) -> None:
    with opened(home, files) as installation:
        municipality, occurrence = planned_occurrence(installation, key)
        with installation.store.read() as connection:
            newest = store_deliveries.newest(connection, key)
        version = newest.version if newest else 0
        new = decisions.decide(installation, key, decision, version=version, comment=comment, by=by, now=clock.now())
    if as_json:
        told = {"key": key, "version": version, "decision": decision.value, "comment": comment.strip(), "changed": new}
        output.say_json(told)
        return
    unit, word = unit_name(municipality, occurrence), "godkendt" if decision is Decision.APPROVED else "sendt retur"
    mailed = "Skolen får en mail om det." if new else "Det var den i forvejen."
    output.say(f"»{occurrence.title}«, {unit}, udgave {version} er {word}. {mailed}")


def _answers(given: Iterable[str]) -> dict[str, str]:
    """Read `felt=svar`; an answer may hold further equals signs."""
    answers: dict[str, str] = {}
    for text in given:
        key, found, answer = text.partition("=")
        if not (found and key):
            raise UserError(f"»{text}« kan ikke læses; skriv felt=svar, fx --field reading_target=60.")
        if key in answers:
            raise UserError(f"Feltet »{key}« er angivet to gange; vælg ét svar.")
        answers[key] = answer
    return answers


def _keep(installation: Installation, occurrence: Occurrence, file: Path, *, by: str) -> StoredFile:
    try:
        given = file.open("rb")
    except OSError as error:
        raise UserError(f"Filen {file} kan ikke åbnes; se efter, om stien er rigtig.") from error
    with given:
        problem = kind_problem(file.name, given.read(HEAD))
        if problem:
            raise UserError(problem)
        given.seek(0)
        try:
            return installation.files.keep(file.name, iter(lambda: given.read(CHUNK), b""))
        except InfectedError as error:
            note_infected(installation, occurrence, error, by=by, now=clock.now())
            raise
