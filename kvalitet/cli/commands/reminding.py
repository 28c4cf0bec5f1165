"""`kvalitet pause` and `kvalitet remind`: fewer reminders for a while, or one more at once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import clock, danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import pausing, reminding
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.board import danish_date
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, day_of, opened, planned_occurrence, require_planned

if TYPE_CHECKING:
    from kvalitet.adapters.follow_up.reminding import Asked
    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.quiet.school_pauses import SchoolPause
    from kvalitet.municipality import Municipality

app = typer.Typer(cls=Group, rich_markup_mode=None)
By = Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der beder om det; vises i loggen.")]


@app.command(cls=Command)
def pause(  # noqa: PLR0913 -- each is an option of the command
    school: Annotated[str, typer.Argument(metavar="SKOLE", help="Skolens institutionsnummer, seks cifre.")],
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATO", help="Pausens første dag; ellers i dag.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATO", help="Pausens sidste dag; ellers indtil videre.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEKST", help="Hvorfor; vises på skolens side.", show_default=False)
    ] = "",
    *,
    by: By = "forvaltningen",
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    end: Annotated[bool, typer.Option("--end", help="Afslut pausen i dag.", show_default=False)] = False,
    as_json: options.AsJson = False,
) -> None:
    """Sæt en skole på pause, så den ikke får påmindelser.

    Imens rykkes ingen for det, skolen mangler; bagefter kommer kun den nyeste påmindelse.
    """
    if end and (first or last or reason):
        raise UserError("Brug --end alene; den afslutter pausen i dag.")
    now = clock.now()
    today = danish_date(now)
    with opened(home, files) as installation:
        found = _with_school(installation, municipality, school)
        name = found.school(school).name
        if end:
            pausing.end(installation, found, school, now=now)
        else:
            pausing.pause(
                installation,
                found,
                school,
                first_day=day_of(first) if first else today,
                last_day=day_of(last) if last else None,
                reason=reason,
                by=by,
                now=now,
            )
        standing = pausing.standing(installation, found, school, today=today)
    if as_json:
        output.say_json({"school": school, "pauses": [_pause_json(one) for one in standing]})
        return
    if not standing:
        output.say(f"{name} er ikke længere på pause.")
    for one in standing:
        output.say(f"{name} er på pause {pausing.span_text(one)}: {one.reason}")


@app.command(cls=Command)
def remind(  # noqa: PLR0913 -- each is an option of the command
    key: Annotated[
        str | None, typer.Argument(metavar="FOREKOMST", help="Nøglen, som »kvalitet occurrences« viser.")
    ] = None,
    activity: Annotated[
        str | None, typer.Option("--activity", metavar="PUNKT", help="I stedet: alle, der mangler på et punkt.")
    ] = None,
    by: By = "forvaltningen",
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Skriv også til dem, der har fået mail i dag.", show_default=False)
    ] = False,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Påmind nu dem, der mangler at aflevere.

    Viser først, hvem der får mail; den, der har fået mail i dag, får kun én mere med --again.
    """
    now, token = clock.now(), secrets.token_urlsafe(12)
    with opened(home, files) as installation:
        found, keys = _asked_for(installation, municipality, key, activity)
        asked = reminding.look(installation, found, keys, token=token, now=now)
        wanted = asked.wanted(again=again)
        if not as_json:
            _say(asked)
        if wanted:
            output.ask(f"Send {danish.count_text(len(wanted), 'mail', 'mails')}?", yes=yes)
        sent = reminding.remind(installation, found, keys, token=token, by=by, now=now, again=again)
        with installation.store.read() as connection:
            is_paused = bool(mail_pauses.pauses(connection, found.key))
    if as_json:
        output.say_json(
            {
                "sent": [{"recipient": mail.to.address, "about": list(mail.about)} for mail in sent],
                "had_mail_today": [nudge.message.to.address for nudge in asked.nudges if nudge.has_heard],
                "left_out": [{"key": one.occurrence.key, "reason": one.reason} for one in asked.left_out],
            }
        )
    elif sent:
        laid = f"{danish.count_text(len(sent), 'mail er', 'mails er').capitalize()} lagt i udbakken"
        output.say(f"{laid}, hvor afsendelsen er sat på pause." if is_paused else f"{laid} og sendes om lidt.")
    else:
        output.say("Der er ikke sendt noget.")


def _say(asked: Asked) -> None:
    rows = [
        (
            f"{nudge.message.to.name} <{nudge.message.to.address}>",
            danish.list_text([item.occurrence.title for item in nudge.items]),
            "har fået mail i dag" if nudge.has_heard else "",
        )
        for nudge in asked.nudges
    ]
    output.table(("Til", "Om", "Bemærk"), rows, empty="Ingen at påminde.")
    if asked.left_out:
        output.say("")
        silent = [(one.unit, f"»{one.occurrence.title}« {one.reason}") for one in asked.left_out]
        output.table(("Får ingen mail", "Hvorfor"), silent, empty="")


def _asked_for(
    installation: Installation, municipality: str | None, key: str | None, activity: str | None
) -> tuple[Municipality, list[str]]:
    if (key is None) == (activity is None):
        raise UserError("Skriv enten nøglen på én forekomst, eller vælg et punkt med --activity.")
    if key is not None:
        return planned_occurrence(installation, key)[0], [key]
    found = chosen(installation.municipalities, municipality)
    year = installation.current_year(found, now=clock.now())
    require_planned(installation, found, year)
    keys = reminding.of_activity(installation, found, activity or "", year)
    if not keys:
        raise UserError(f"Årshjulet for {year.label} har intet punkt »{activity}«; se dem med »kvalitet occurrences«.")
    return found, keys


def _with_school(installation: Installation, municipality: str | None, number: str) -> Municipality:
    if municipality is not None:
        return chosen(installation.municipalities, municipality)
    found = [each for each in installation.municipalities if each.has_school(number)]
    if not found:
        raise UserError(f"Ingen skole har institutionsnummer {number}; se dem på statusoverblikket.")
    return chosen(found, None)


def _pause_json(found: SchoolPause) -> dict[str, Any]:
    return {
        "first_day": found.first_day.isoformat(),
        "last_day": found.last_day.isoformat() if found.last_day else None,
        "reason": found.reason,
        "paused_by": found.paused_by,
    }
