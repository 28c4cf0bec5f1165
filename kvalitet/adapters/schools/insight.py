"""Insight: which mails the pages of schools and occurrences tell of, by one rule.

Who may see the outbox is told of all of them. Who is inside a school is told of those that went to the school: to its
leader or deputies, or as the school's own. Nobody else is told of any. What a mail says besides its subject is for
those who may read mails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.rights import Right
from kvalitet.wheel import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.municipality import Municipality
    from kvalitet.rights import Viewer


def told_mails(viewer: Viewer, municipality: Municipality, mails: Iterable[Mail]) -> tuple[Mail, ...]:
    """Give the mails about something that a viewer is told of."""
    if viewer.may(Right.SEE_MAILS, municipality):
        return tuple(mails)
    numbers = [school.number for school in municipality.schools if is_inside(viewer, municipality, school.number)]
    addresses = {address for number in numbers for address in addresses_of(municipality, number)}
    return tuple(mail for mail in mails if mail.school in numbers or mail.recipient.lower() in addresses)


def is_inside(viewer: Viewer, municipality: Municipality, number: str) -> bool:
    """Tell whether a viewer sees what a school and the administration have between them."""
    return viewer.may(Right.SEE_CONFIDENTIAL, municipality, number)


def addresses_of(municipality: Municipality, number: str) -> tuple[str, ...]:
    """List the addresses of a school's leader and deputies, in lower case."""
    deputies = [found for found in municipality.people(Role.DEPUTY, school=number) if found.school == number]
    return tuple(person.address.lower() for person in (municipality.school(number).leader, *deputies))
