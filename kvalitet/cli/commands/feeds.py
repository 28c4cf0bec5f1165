"""`kvalitet feed`: the private calendars that people subscribe to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kvalitet import feeds
from kvalitet.adapters import clock, danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.feeds import keeping, subscribing
from kvalitet.adapters.feeds.subscribing import TITLES
from kvalitet.board import danish_date
from kvalitet.cli import options, output
from kvalitet.cli.danish_help import Command, Group
from kvalitet.cli.opening import chosen, opened
from kvalitet.feeds import FEED_STATES, ROLES
from kvalitet.wheel import Role

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.feeds.keeping import Feed
    from kvalitet.municipality import Municipality

HEADINGS = ("Nr.", "Til", "Rolle", "Virker til", "Sidst hentet", "Tilstand")
app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def feed() -> None:
    """Lav og tilbagekald kalendere, som man kan abonnere på."""


@app.command(cls=Command)
def create(
    address: Annotated[str, typer.Argument(metavar="ADRESSE", help="Personens mailadresse i kommunens filer.")],
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLLE", help="Rollen, når adressen har flere, fx school_leader.")
    ] = None,
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Lav en hemmelig kalenderadresse til en person.

    Den vises kun denne ene gang. Giv den kun til personen selv.
    """
    now = clock.now()
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        held = _role(found, address, role, now=now)
        made = subscribing.create(installation, found, role=held, address=address, now=now)
    if as_json:
        addresses = {content.value: text for content, text in made.addresses.items()}
        output.say_json({**_as_json(found, made.feed, now=now), "addresses": addresses})
        return
    for content, text in made.addresses.items():
        output.say(f"{TITLES[content]}: {text}")
    output.say(f"Adresserne vises kun nu og virker til og med den {danish.date_text(made.feed.expires_on)}.")


@app.command(name="list", cls=Command)
def listing(
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis, hvem der har en kalenderadresse."""
    now = clock.now()
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        with installation.store.read() as connection:
            known = keeping.feeds(connection, found.key)
    if as_json:
        output.say_json([_as_json(found, one, now=now) for one in known])
    else:
        output.table(HEADINGS, [_texts(found, one, now=now) for one in known], empty="Der er ingen kalenderadresser.")


@app.command(cls=Command)
def revoke(
    number: Annotated[int, typer.Argument(metavar="NR", help="Nummeret fra »kvalitet feed list«.")],
    municipality: options.Chosen = None,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Tilbagekald en kalenderadresse."""
    with opened(home, files) as installation:
        found = chosen(installation.municipalities, municipality)
        changed = subscribing.revoke(installation, found, number, now=clock.now())
    if as_json:
        output.say_json({"id": number, "changed": changed})
    else:
        output.say(f"Kalender nr. {number} {'virker ikke mere' if changed else 'var tilbagekaldt i forvejen'}.")


def _role(municipality: Municipality, address: str, role: str | None, *, now: datetime) -> Role:
    """Read the role, or find the only one that the address has."""
    if role is not None:
        if role not in set(Role):
            raise UserError(f"Rollen »{role}« findes ikke; vælg en af: {', '.join(Role)}.")
        return Role(role)
    people = feeds.everybody(municipality, today=danish_date(now))
    held = [person.role for person in people if person.address.casefold() == address.casefold()]
    if not held:
        raise UserError(f"»{address}« står ikke i filerne for {municipality.name}; se efter i contacts.yaml.")
    if len(held) > 1:
        raise UserError(f"»{address}« har flere roller ({', '.join(held)}); vælg en med --role.")
    return held[0]


def _as_json(municipality: Municipality, known: Feed, *, now: datetime) -> dict[str, Any]:
    return {
        "id": known.id,
        "municipality": known.municipality,
        "role": known.role.value,
        "address": known.address,
        "created_at": known.created_at.isoformat(),
        "expires_on": known.expires_on.isoformat(),
        "used_at": known.used_at.isoformat() if known.used_at else None,
        "revoked_at": known.revoked_at.isoformat() if known.revoked_at else None,
        "state": subscribing.state_of(municipality, known, now=now).value,
    }


def _texts(municipality: Municipality, known: Feed, *, now: datetime) -> tuple[str, ...]:
    used = danish.date_text(danish.local(known.used_at).date()) if known.used_at else "aldrig"
    state = FEED_STATES[subscribing.state_of(municipality, known, now=now)]
    return str(known.id), known.address, ROLES[known.role], danish.date_text(known.expires_on), used, state
