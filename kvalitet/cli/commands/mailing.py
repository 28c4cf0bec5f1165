"""`kvalitet mail`: what goes out, what has gone out, and what is stuck."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import clock, danish, mail_preview
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.mail.by_hand import STATES
from kvalitet.adapters.store import outbox
from kvalitet.board import danish_date
from kvalitet.cli import options, output
from kvalitet.cli.commands import mail_handling, mail_incoming
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, day_of, opened
from kvalitet.messages import KINDS
from kvalitet.outgoing import MailState

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.mail_preview import Line
    from kvalitet.adapters.store.outbox import Mail

app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def mail() -> None:
    """Se og send mails."""


@app.command(cls=Command)
def preview(
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATO", help="Dagen, mailene går ud, fx 2026-11-02; ellers i dag.")
    ] = None,
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis, hvem der får hvilken mail en dag, og hvorfor andre ingen får.

    Vist, som tingene står nu; det, der afleveres inden, får ingen mail.
    """
    now = clock.now()
    day = day_of(date) if date else danish_date(now)
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        shown = mail_preview.preview(installation, found, day, now=now)
    if as_json:
        output.say_json([line.as_json() for line in shown.lines])
        return
    output.say(f"{found.name}, {danish.full_date(day)}")
    for note in shown.notes:
        output.say(note)
    output.table(("Til", "Mail", "Om"), map(_mail_texts, shown.mails), empty="Ingen får en mail den dag.")
    if shown.silent:
        output.say("")
        quiet = [(line.recipient_name, line.reason) for line in shown.silent]
        output.table(("Får ingen mail", "Hvorfor"), quiet, empty="")


@app.command("list", cls=Command)
def list_mails(
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="TILSTAND", help=f"Kun mails i én tilstand: {', '.join(MailState)}."),
    ] = None,
    municipality: options.Chosen = None,
    limit: options.AtMost = 50,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis udbakken: de nyeste mails først."""
    wanted = _state(state) if state else None
    with opened(home, files) as installation:
        key = chosen(installation.municipalities, municipality).key if municipality else None
        with installation.store.read() as connection:
            mails = outbox.mails(connection, key, state=wanted, limit=limit, contents=False)
    if as_json:
        output.say_json([_as_json(found) for found in mails])
    else:
        headings = ("Nr.", "Lagt", "Tilstand", "Til", "Emne", "Bemærkning")
        output.table(headings, map(_texts, mails), empty="Der er ingen mails.")


@app.command(cls=Command)
def send(home: options.Home = None, files: options.Files = None, *, as_json: options.AsJson = False) -> None:
    """Send det, der ligger i udbakken, uden om planlæggeren."""
    from flows import send_mail  # noqa: PLC0415 -- brings Prefect, which takes two seconds

    with opened(home, files) as installation, output.working("Sender …"):
        outcome = asyncio.run(send_mail.run(installation, now=clock.now))
    if as_json:
        output.say_json({"summary": outcome.summary, "stopped": outcome.failures[0] if outcome.failures else None})
    else:
        output.say(outcome.summary)
    if outcome.failures:
        raise OperationError(f"{outcome.failures[0]} Resten venter i udbakken.")


mail_handling.register(app)
mail_incoming.register(app)


def _state(text: str) -> MailState:
    try:
        return MailState(text)
    except ValueError as error:
        raise UserError(f"Tilstanden »{text}« findes ikke; vælg en af: {', '.join(MailState)}.") from error


def _mail_texts(line: Line) -> tuple[str, ...]:
    about = danish.list_text(line.about)
    template = KINDS.get(line.template or "", line.template or "")
    return f"{line.recipient_name} <{line.recipient}>", template, f"{about} ({line.reason})" if line.reason else about


def _as_json(found: Mail) -> dict[str, Any]:
    return {
        "id": found.id,
        "municipality": found.municipality,
        "state": found.state.value,
        "template": found.template,
        "recipient": found.recipient,
        "recipient_name": found.recipient_name,
        "school": found.school,
        "activity": found.activity,
        "subject": found.subject,
        "message_id": found.message_id,
        "created_at": _instant(found.created_at),
        "sent_at": _instant(found.sent_at),
        "attempts": found.attempts,
        "reason": found.reason,
        "held_for": found.held_for.value if found.held_for else None,
        "may_be_doubled": found.may_be_doubled,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _texts(found: Mail) -> tuple[str, ...]:
    return (
        str(found.id),
        danish.instant_text(found.created_at),
        STATES[found.state],
        found.recipient,
        found.subject,
        found.reason,
    )
