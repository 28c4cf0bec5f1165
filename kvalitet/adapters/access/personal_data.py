"""Personal data: everything that the database holds about one person, to be handed out to them (GDPR, article 15).

A person is known by a mail address. What is kept by name alone may be a namesake's and is given apart, for somebody
to look through. Nothing that opens a door is given out: of sessions, links and calendars only that there were some.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from kvalitet.adapters.store.tables import access_schema, mail_schema, schema
from kvalitet.adapters.store.tables.columns import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, Table

    from kvalitet.municipality import Municipality

_account = access_schema.account
# By table, the columns that hold an address, a name, and the number of an account.
ADDRESSES = {
    "account": ("address",),
    "address_mark": ("address",),
    "attendee": ("address",),
    "event": ("recipient",),
    "feed": ("address",),
    "incoming": ("sender",),
    "login_link": ("address",),
    "mail": ("recipient",),
    "offer": ("address",),
    "revision": ("address",),
    "session": ("address",),
}
NAMES = {
    "access_grant": ("granted_by",),
    "audit": ("actor",),
    "contact_note": ("noted_by",),
    "delivery": ("delivered_by", "decided_by"),
    "event": ("actor",),
    "extension": ("extended_by",),
    "incoming": ("handled_by",),
    "mail_pause": ("paused_by",),
    "school_pause": ("paused_by",),
    "snapshot_decision": ("decided_by",),
    "waiver": ("waived_by",),
}
# Where a name stands beside an address.
PEOPLE = (
    (_account, "name", "address"),
    (mail_schema.mail, "recipient_name", "recipient"),
    (schema.attendee, "name", "address"),
)
ACCOUNTS = {"access_grant": "account", "session": "account"}
LEFT_OUT = frozenset({"token_sha256", "token", "content", "lease_until", "worker"})

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Held:
    """Det, der er gemt: the rows of each table that are about a person, by address and by name."""

    names: tuple[str, ...]
    by_address: Rows
    by_name: Rows


def held_about(connection: Connection, municipality: Municipality, address: str) -> Held:
    """Gather what one municipality's part of the database holds about whoever has a mail address."""
    mailbox = address.strip().lower()
    accounts = _accounts(connection, municipality, mailbox)
    names = _names(connection, municipality, mailbox)
    found = {name: _by_address(metadata.tables[name], mailbox, accounts) for name in {*ADDRESSES, *ACCOUNTS, "draft"}}
    named = {name: or_(*(metadata.tables[name].c[column].in_(names) for column in NAMES[name])) for name in NAMES}
    return Held(
        names=names,
        by_address=_rows(connection, municipality, found),
        by_name=_rows(connection, municipality, named) if names else {},
    )


def _accounts(connection: Connection, municipality: Municipality, mailbox: str) -> list[int]:
    ours = _account.c.issuer == municipality.login.issuer, func.lower(_account.c.address) == mailbox
    return list(connection.scalars(select(_account.c.id).where(*ours))) if municipality.login.issuer else []


def _names(connection: Connection, municipality: Municipality, mailbox: str) -> tuple[str, ...]:
    """List the names of whoever has the address: in the files, at the login, in mails and at meetings."""
    people = (*municipality.contacts, *(school.leader for school in municipality.schools))
    found = {person.name for person in people if person.address.lower() == mailbox}
    for table, name, held_at in PEOPLE:
        ours = _of_municipality(table, municipality), func.lower(table.c[held_at]) == mailbox
        found |= set(connection.scalars(select(table.c[name]).where(*ours).distinct()))
    return tuple(sorted(found - {""}))


def _by_address(table: Table, mailbox: str, accounts: Iterable[int]) -> ColumnElement[bool]:
    """Ask for the rows of a table that are about an address, or about the accounts that have it."""
    if table.name == "draft":
        return table.c.author.in_([f"mail:{mailbox}", *(f"account:{number}" for number in accounts)])
    asked = [func.lower(table.c[column]) == mailbox for column in ADDRESSES.get(table.name, ())]
    if column := ACCOUNTS.get(table.name):
        asked.append(table.c[column].in_(accounts))
    if table.name == "event":  # an answer to an invitation is told of with the address in its key alone
        asked.append(table.c.key.contains(f":{mailbox}:", autoescape=True))
    return or_(*asked)


def _rows(connection: Connection, municipality: Municipality, wanted: Mapping[str, ColumnElement[bool]]) -> Rows:
    found: Rows = {}
    for name in sorted(wanted):
        table = metadata.tables[name]
        query = select(table).where(_of_municipality(table, municipality), wanted[name])
        if rows := [_told(row) for row in connection.execute(query.order_by(*table.primary_key)).mappings()]:
            found[name] = rows
    return found


def _of_municipality(table: Table, municipality: Municipality) -> ColumnElement[bool]:
    """Ask for the rows of one municipality; occurrences are named after theirs, and accounts are its login's."""
    if table is _account:
        return _account.c.issuer == municipality.login.issuer
    if "municipality" in table.c:
        ours: ColumnElement[bool] = table.c.municipality == municipality.key
        return ours
    if "snapshot" in table.c:
        snapshot = metadata.tables["snapshot"]
        return table.c.snapshot.in_(select(snapshot.c.id).where(snapshot.c.municipality == municipality.key))
    begins: ColumnElement[bool] = table.c.occurrence.startswith(f"{municipality.key}.", autoescape=True)
    return begins


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Give a row as it can be read; of a mail what it said."""
    found = {str(name): _plain(value) for name, value in row.items() if name not in LEFT_OUT}
    if row.get("content"):
        found.setdefault("text", _text(row["content"]))
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _text(content: bytes) -> str:
    body = message_from_bytes(content, policy=default).get_body(preferencelist=("plain",))
    return "\n".join(body.get_content().splitlines()) if body else ""
