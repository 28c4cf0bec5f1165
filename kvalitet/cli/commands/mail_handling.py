"""`kvalitet mail`: what a person decides about mails, one by one or all of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from kvalitet.adapters import clock, danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.mail import by_hand
from kvalitet.adapters.mail.by_hand import Action
from kvalitet.adapters.store import address_marks, outbox
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command
from kvalitet.cli.opening import chosen, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.outbox import Mail

Number = Annotated[str, typer.Argument(metavar="NR", help="Mailens nummer, som »kvalitet mail list« viser.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEKST", help="Hvorfor; vises i udbakken.")]
Everybody = Annotated[bool, typer.Option("--all", help="For alle kommuner.", show_default=False)]
DONE = {
    Action.RETRY: "Mail nr. {id} til {to} sendes igen ved næste afsendelse.",
    Action.HOLD: "Mail nr. {id} til {to} holdes tilbage; frigiv den med »kvalitet mail release {id}«.",
    Action.RELEASE: "Mail nr. {id} til {to} sendes ved næste afsendelse.",
    Action.CANCEL: "Mail nr. {id} til {to} bliver ikke sendt.",
}


def register(app: typer.Typer) -> None:
    """Add the commands to `kvalitet mail`."""
    for command in (retry, hold, release, cancel, pause, resume, addresses, unmark):
        app.command(cls=Command)(command)


def retry(
    number: Number, home: options.Home = None, files: options.Files = None, *, as_json: options.AsJson = False
) -> None:
    """Lad en mail, der sidder fast, blive prøvet igen."""
    _act(number, Action.RETRY, "", home, files, as_json=as_json)


def hold(
    number: Number,
    reason: Reason,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Hold en mail, der venter, tilbage."""
    _act(number, Action.HOLD, reason, home, files, as_json=as_json)


def release(
    number: Annotated[
        str | None, typer.Argument(metavar="NR", help="Mailens nummer; kan udelades med --surge.")
    ] = None,
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    surge: Annotated[
        bool, typer.Option("--surge", help="Alle, der kom for mange af på én gang.", show_default=False)
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Frigiv en mail, der holdes tilbage, eller alle, der kom for mange af på én gang."""
    if surge == (number is not None):
        raise UserError("Skriv enten en mails nummer eller --surge.")
    if number is not None:
        _act(number, Action.RELEASE, "", home, files, as_json=as_json)
        return
    with opened(home, files) as installation, installation.store.write() as connection:
        found = chosen(installation.municipalities, municipality)
        released = by_hand.release_surge(connection, found, now=clock.now())
    if as_json:
        output.say_json({"municipality": found.key, "released": released})
    else:
        output.say(f"{danish.count_text(released, 'mail', 'mails')} sendes ved næste afsendelse.")


def cancel(
    number: Number,
    reason: Reason,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Annullér en mail, der ikke er sendt."""
    _act(number, Action.CANCEL, reason, home, files, as_json=as_json)


def pause(  # noqa: PLR0913 -- the command's options
    reason: Reason,
    municipality: options.Chosen = None,
    by: Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der sætter på pause.")] = "driften",
    home: options.Home = None,
    files: options.Files = None,
    *,
    everybody: Everybody = False,
    as_json: options.AsJson = False,
) -> None:
    """Sæt afsendelsen på pause; mails venter i udbakken."""
    with opened(home, files) as installation, installation.store.write() as connection:
        found = None if everybody else chosen(installation.municipalities, municipality)
        changed = by_hand.pause(connection, found, reason=reason, by=by, now=clock.now())
    if as_json:
        output.say_json({"municipality": found.key if found else None, "paused": True, "changed": changed})
    else:
        whose = found.name if found else "alle kommuner"
        output.say(f"Afsendelsen er sat på pause for {whose}." if changed else f"Den var på pause for {whose}.")


def resume(
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    everybody: Everybody = False,
    as_json: options.AsJson = False,
) -> None:
    """Genoptag afsendelsen efter en pause."""
    with opened(home, files) as installation, installation.store.write() as connection:
        found = None if everybody else chosen(installation.municipalities, municipality)
        by_hand.resume(connection, found, now=clock.now())
    if as_json:
        output.say_json({"municipality": found.key if found else None, "paused": False, "changed": True})
    else:
        output.say(f"Afsendelsen er genoptaget for {found.name if found else 'alle kommuner'}.")


def addresses(
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis de adresser, som mails kommer tilbage fra, og som der derfor ikke sendes til."""
    with opened(home, files) as installation, installation.store.read() as connection:
        key = chosen(installation.municipalities, municipality).key if municipality else None
        found = address_marks.marked(connection, key)
    if as_json:
        output.say_json(
            [
                {
                    "municipality": mark.municipality,
                    "address": mark.address,
                    "reason": mark.reason,
                    "marked_at": mark.marked_at.isoformat(),
                }
                for mark in found
            ]
        )
        return
    rows = [(mark.address, danish.date_text(danish.local(mark.marked_at).date()), mark.reason) for mark in found]
    output.table(("Adresse", "Siden", "Hvorfor"), rows, empty="Ingen mails kommer tilbage.")


def unmark(
    address: Annotated[str, typer.Argument(metavar="ADRESSE", help="Adressen, som »kvalitet mail addresses« viser.")],
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Sig, at en adresse virker igen, og send det, der ventede."""
    with opened(home, files) as installation, installation.store.write() as connection:
        found = chosen(installation.municipalities, municipality)
        released = by_hand.unmark(connection, found, address, now=clock.now())
    if as_json:
        output.say_json({"municipality": found.key, "address": address, "released": released})
    else:
        output.say(f"{address} bruges igen; {danish.count_text(released, 'mail', 'mails')} ventede på det.")


def _act(number: str, action: Action, reason: str, home: Path | None, files: Path | None, *, as_json: bool) -> None:
    with _mail(number, home, files) as (installation, found):
        with installation.store.write() as connection:
            by_hand.act(connection, found, action, reason=reason, now=clock.now())
            changed = outbox.mail(connection, found.id)
        assert changed
        if as_json:
            output.say_json({"id": changed.id, "state": changed.state.value})
        else:
            output.say(DONE[action].format(id=changed.id, to=changed.recipient))


@contextmanager
def _mail(number: str, home: Path | None, files: Path | None) -> Iterator[tuple[Installation, Mail]]:
    if not (number.isdecimal() and number.isascii()):
        raise UserError(f"»{number}« er ikke et nummer; se numrene med »kvalitet mail list«.")
    with opened(home, files) as installation:
        with installation.store.read() as connection:
            found = outbox.mail(connection, int(number)) if int(number) <= outbox.LARGEST_NUMBER else None
        if found is None:
            raise UserError(f"Der er ingen mail nr. {number}; se numrene med »kvalitet mail list«.")
        yield installation, found
