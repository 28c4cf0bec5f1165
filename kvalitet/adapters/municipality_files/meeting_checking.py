"""Checking what goes with invitations, and in whose name they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.municipality_files.complaints import unique
from kvalitet.adapters.municipality_files.people_checking import address_problem

if TYPE_CHECKING:
    from pathlib import Path

    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem
    from kvalitet.adapters.municipality_files.main_file import MunicipalityFile

# What most people can open on whatever they read their mail on.
KINDS = (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".png", ".jpg", ".txt")
# An invitation goes to each participant, and many mail servers take no more than ten megabytes.
LARGEST = 5 * 1024 * 1024


def organizer_problems(document: Document, main: MunicipalityFile, contacts: Any, schools: Any) -> Iterator[Problem]:
    """Check the mailboxes that invite on behalf of others."""
    roles = [(("organizers", n, "role"), organizer.role) for n, organizer in enumerate(main.organizers)]
    yield from unique(document, roles, "Rollen")
    invited = {contact.address.lower() for contact in contacts.contacts} if contacts else set()
    invited |= {school.leader.lower() for school in schools.schools} if schools else set()
    domain = main.sender.address.rpartition("@")[2].lower()
    for number, organizer in enumerate(main.organizers):
        place: Place = ("organizers", number, "address")
        address = organizer.address.lower()
        yield from address_problem(document, place, organizer.address)
        if address == main.sender.address.lower():
            message = "Det er afsenderens egen postkasse; slet punktet, for den indkalder i forvejen."
            yield document.problem(place, message)
        elif address in invited:
            message = "Postkassen tilhører en, der selv bliver indkaldt og skal kunne svare; brug en fælles postkasse."
            yield document.problem(place, message)
        elif address.rpartition("@")[2] != domain:
            message = f"Postkassen skal ligge på afsenderens domæne, {domain}; ellers tror modtagerne ikke på den."
            yield document.problem(place, message)


def invitation_problems(
    document: Document, wheel: Any, folder: Path, main: MunicipalityFile | None
) -> Iterator[Problem]:
    """Check the meetings' material, and that somebody's mailbox is known for each that is held in another's name."""
    for number, activity in enumerate(wheel.activities):
        place: Place = ("activities", number, "meeting")
        meeting = activity.meeting
        if meeting is None:
            continue
        yield from _material_problems(document, (*place, "material"), meeting.material, folder)
        known = {organizer.role for organizer in main.organizers} if main else {meeting.on_behalf_of}
        if meeting.on_behalf_of and meeting.on_behalf_of not in known:
            missing = f"Der mangler en postkasse for »{meeting.on_behalf_of}«"
            message = f"{missing}; skriv den under organizers i municipality.yaml."
            yield document.problem((*place, "on_behalf_of"), message)


def _material_problems(document: Document, place: Place, material: tuple[str, ...], folder: Path) -> Iterator[Problem]:
    total = 0
    for number, name in enumerate(material):
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            yield document.problem((*place, number), f"Bilaget »{name}« ligger uden for kommunens mappe; flyt det ind.")
        elif not path.is_file():
            message = f"Bilaget »{name}« findes ikke i mappen; ret navnet, eller læg filen der."
            yield document.problem((*place, number), message)
        elif path.suffix.lower() not in KINDS:
            message = f"Bilaget »{name}« er af en slags, som ikke alle kan åbne; brug en af: {', '.join(KINDS)}."
            yield document.problem((*place, number), message)
        else:
            total += path.stat().st_size
    if total > LARGEST:
        message = f"Bilagene fylder mere end {LARGEST // 1024**2} MB tilsammen; gør dem mindre, eller send et link."
        yield document.problem(place, message)
