"""People of the small municipality, and an installation that knows them all: one mailbox for each kind of viewer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kvalitet.municipality import Contact
from kvalitet.wheel import Role

if TYPE_CHECKING:
    from kvalitet.adapters.installation import Installation

SCHOOL, OTHER = "323001", "323002"
LEADER, OTHER_LEADER = "s1@skole.example", "s2@skole.example"
DEPUTY = "stedfortraeder1@skole.example"
SCHOOL_BOARD = "bestyrelse1@skole.example"
CONSULTANT = "konsulent.nord@proeveby.example"
ADMINISTRATION = "fagcenter@proeveby.example"
DIRECTOR = "direktor@proeveby.example"
UNIONS = "faglige@proeveby.example"
OPERATOR = "drift@proeveby.example"
MORE = (
    Contact(Role.DEPUTY, "Stedfortræder på Buerup Skole", DEPUTY, school=SCHOOL),
    Contact(Role.SCHOOL_BOARD, "Skolebestyrelsen på Buerup Skole", SCHOOL_BOARD, school=SCHOOL),
    Contact(Role.CONSULTANT, "Konsulent for Nord", CONSULTANT, school_group="nord"),
)


def peopled(installation: Installation) -> Installation:
    """Give an installation whose municipality has somebody of every kind."""
    (municipality,) = installation.municipalities
    here = replace(municipality, contacts=(*municipality.contacts, *MORE))
    settings = installation.settings.model_copy(update={"operators": OPERATOR})
    return replace(installation, municipalities=(here,), settings=settings)
