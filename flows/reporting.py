"""Reporting: what a run leaves in Prefect for people to read, without anybody's address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prefect.artifacts import acreate_link_artifact, acreate_table_artifact

from kvalitet.wheel import Role

if TYPE_CHECKING:
    from flows.outcome import Outcome
    from kvalitet.municipality import Municipality

ROLES = {
    Role.ADMINISTRATION: "forvaltningen",
    Role.DIRECTOR: "direktøren",
    Role.CONSULTANT: "konsulenten",
    Role.SCHOOL_LEADER: "skolelederen",
    Role.SCHOOL_BOARD: "skolebestyrelsen",
    Role.MED_COMMITTEE: "MED-udvalget",
    Role.UNIONS: "de faglige organisationer",
    Role.COMMITTEE: "udvalget",
}
_ADDRESS = re.compile(r"[^\s<>(),;:»«]+@[^\s<>(),;:»«]+")
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")


async def publish(flow: str, title: str, outcome: Outcome, municipality: Municipality) -> None:
    """Keep an outcome as a table, and its links, that the Prefect UI shows on the run."""
    rows = [*outcome.rows, *({"fejl": failure} for failure in outcome.failures)]
    if rows:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        table = [{column: masked(row.get(column, ""), municipality) for column in columns} for row in rows]
        description = f"{title} – {municipality.name}: {masked(outcome.summary, municipality)}"
        await acreate_table_artifact(table=table, key=artifact_key(flow, municipality.key), description=description)
    for text, address in outcome.links:
        key = artifact_key(f"{flow}-{text}", municipality.key)
        await acreate_link_artifact(link=address, link_text=text, key=key, description=f"{title} – {municipality.name}")


def artifact_key(flow: str, municipality: str) -> str:
    """Give a key that Prefect accepts: small letters, digits and dashes."""
    return _NOT_IN_A_KEY.sub("-", f"{flow}-{municipality}".lower()).strip("-")


def masked(text: str, municipality: Municipality) -> str:
    """Put the role in the place of every mail address: Prefect's pages are read by more people than the board's."""
    return _ADDRESS.sub(lambda found: _role_of(found[0], municipality), text)


def _role_of(address: str, municipality: Municipality) -> str:
    wanted = address.rstrip(".").lower()
    for school in municipality.schools:
        if school.leader.address.lower() == wanted:
            return f"{ROLES[Role.SCHOOL_LEADER]} på {school.name}"
    for contact in municipality.contacts:
        if contact.address.lower() == wanted:
            return ROLES[contact.role]
    return "en modtager"
