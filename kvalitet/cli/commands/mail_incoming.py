"""`kvalitet mail`: what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet.adapters import clock, danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.incoming.kinds import TITLES, counted_text
from kvalitet.adapters.replies import read_replies
from kvalitet.adapters.store import incoming
from kvalitet.adapters.store.incoming import IncomingKind
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command
from kvalitet.cli.opening import chosen, opened

if TYPE_CHECKING:
    from kvalitet.adapters.store.incoming import Incoming


def register(app: typer.Typer) -> None:
    """Add the commands to `kvalitet mail`."""
    app.command(cls=Command)(replies)
    app.command(cls=Command)(inbox)


def replies(home: options.Home = None, files: options.Files = None, *, as_json: options.AsJson = False) -> None:
    """Læs postkassen nu, uden om planlæggeren."""
    with opened(home, files) as installation, output.working("Læser postkassen …"):
        counted = read_replies(installation, now=clock.now())
    if as_json:
        output.say_json({kind.value: number for kind, number in counted.items()})
    else:
        output.say(_whole(counted_text(counted)) or "Der er intet nyt i postkassen.")


def inbox(
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="SLAGS", help=f"Kun én slags: {', '.join(IncomingKind)}."),
    ] = None,
    municipality: options.Chosen = None,
    limit: options.AtMost = 50,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis indbakken: det, et menneske har skrevet, først, og så det nyeste."""
    wanted = _kind(kind) if kind else None
    with opened(home, files) as installation:
        key = chosen(installation.municipalities, municipality).key if municipality else None
        with installation.store.read() as connection:
            found = incoming.listing(connection, key, kind=wanted, limit=limit)
    if as_json:
        output.say_json([_as_json(one) for one in found])
    else:
        headings = ("Nr.", "Kom", "Slags", "Fra", "Emne", "Bemærkning")
        output.table(headings, map(_texts, found), empty="Der er ingen mails.")


def _whole(told: str) -> str:
    return told[:1].upper() + told[1:]


def _kind(text: str) -> IncomingKind:
    try:
        return IncomingKind(text)
    except ValueError as error:
        raise UserError(f"Slagsen »{text}« findes ikke; vælg en af: {', '.join(IncomingKind)}.") from error


def _as_json(found: Incoming) -> dict[str, Any]:
    return {
        "id": found.id,
        "municipality": found.municipality,
        "received_at": found.received_at.isoformat(),
        "kind": found.kind.value,
        "sender": found.sender,
        "is_confirmed": found.is_confirmed,
        "subject": found.subject,
        "text": found.text,
        "mail": found.mail,
        "occurrence": found.occurrence,
        "detail": found.detail,
        "handled_at": found.handled_at.isoformat() if found.handled_at else None,
        "handled_by": found.handled_by,
    }


def _texts(found: Incoming) -> tuple[str, ...]:
    return (
        str(found.id),
        danish.instant_text(found.received_at),
        TITLES[found.kind] + (" (ny)" if found.awaits_a_person else ""),
        found.sender + ("" if found.is_confirmed else " (ubekræftet)"),
        found.subject,
        found.detail,
    )
