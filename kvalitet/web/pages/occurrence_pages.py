"""Pages of one occurrence, its deliveries and its files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from kvalitet.adapters import danish
from kvalitet.adapters.delivering.figures import shows_test_results
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.extracting.asking import source_name
from kvalitet.adapters.extracting.reviewing import title_of
from kvalitet.adapters.extracting.states import ExtractState, states
from kvalitet.adapters.installation import GUIDE_NAME
from kvalitet.adapters.mail.by_hand import STATES
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.predecessors import waits_for
from kvalitet.adapters.schools.insight import told_mails
from kvalitet.adapters.store import bookings, deliveries, incoming, log, outbox, plans
from kvalitet.adapters.store.agreements import agendas, contact_notes, extensions
from kvalitet.invites import ANSWERS, Answer
from kvalitet.messages import KINDS
from kvalitet.occurrences import participants
from kvalitet.rights import Right
from kvalitet.status import BookingState, State
from kvalitet.web.pages.event_texts import detailed, told
from kvalitet.web.pages.extracts.extract_pages import MARKS
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection
    from starlette.requests import Request

    from kvalitet.adapters.offers.keeping import Offer
    from kvalitet.adapters.store.agreements.agendas import Agenda
    from kvalitet.adapters.store.agreements.contact_notes import ContactNote
    from kvalitet.adapters.store.bookings import Attendee, Booking
    from kvalitet.adapters.store.deliveries import Delivery, Waiver
    from kvalitet.adapters.store.incoming import Incoming
    from kvalitet.adapters.store.log import Event
    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.board import Board, Row
    from kvalitet.extensions import Extension
    from kvalitet.municipality import Contact
    from kvalitet.occurrences import Occurrence
    from kvalitet.web.views import View
    from kvalitet.wheel import Activity

ANY_FILE = "application/octet-stream"
# What a form has just done, said on the page that it leads to; only while the state is still so.
NOTICES = {
    "fritaget": (State.WAIVED, "Skolen er fritaget og får ikke flere påmindelser om punktet."),
    "godkendt": (State.APPROVED, "Afleveringen er godkendt, og skolen får en mail om det."),
    "retur": (State.SENT_BACK, "Afleveringen er sendt retur, og skolen får en mail med kommentaren."),
    "fortrudt": (State.DELIVERED, "Afgørelsen er fortrudt. Er skolen nået at få en mail om den, så sig det til dem."),
    "indkaldt": (State.BOOKED, "Mødet er indkaldt, og indkaldelserne er på vej. Du kan læse dem under Mails."),
    "flyttet": (State.BOOKED, "Mødet er flyttet, og de indkaldte får besked. Du kan læse mailene under Mails."),
    "uændret": (State.BOOKED, "Mødet lå der i forvejen; der er ikke sendt noget."),
    "dagsorden": (None, "Dagsordenen er gemt; de indkaldte får den at vide."),
    "aflyst": (State.CANCELLED, "Mødet er aflyst. De, der var indkaldt, får besked."),
}


@dataclass(frozen=True)
class Dossier:
    """Sag: everything that is known of one occurrence."""

    row: Row
    activity: Activity
    unit: str
    versions: tuple[Delivery, ...]
    waiver: Waiver | None
    booking: Booking | None
    attendees: tuple[Attendee, ...]
    set_aside: tuple[Incoming, ...]
    people: tuple[Contact, ...]
    mails: tuple[Mail, ...]
    events: tuple[Event, ...]
    question_guide: str
    papers: tuple[str, ...]
    waits_for: tuple[str, ...]
    offers: tuple[Offer, ...]
    planned_due: date
    extension: Extension | None
    calls: tuple[ContactNote, ...]
    agenda: Agenda | None
    extract: ExtractState | None
    is_hidden: bool = False

    @property
    def can_deliver(self) -> bool:
        """Tell whether something may be handed in."""
        opened = self.row.state.value != "not_open"
        return self.row.occurrence.kind is Kind.DELIVERABLE and opened and self.waiver is None

    @property
    def can_waive(self) -> bool:
        """Tell whether the school may be freed from it."""
        return self.row.occurrence.kind is Kind.DELIVERABLE and self.waiver is None and not self.row.state.is_done

    @property
    def can_remind(self) -> bool:
        """Tell whether somebody may be reminded of it."""
        return self.can_waive and self.row.state is not State.NOT_OPEN

    @property
    def can_arrange(self) -> bool:
        """Tell whether it is a meeting that may still be booked, moved or cancelled."""
        return self.row.occurrence.kind.is_meeting and self.row.state is not State.HELD

    @property
    def newest(self) -> int:
        """The number of the newest version; 0 when nothing was delivered."""
        return self.versions[-1].version if self.versions else 0

    @property
    def is_off_plan(self) -> bool:
        """Tell whether a meeting lies outside the window that the wheel gives it."""
        if self.booking is None:
            return False
        day = danish.local(self.booking.slot.starts_at).date()
        return not self.row.occurrence.opens <= day <= self.row.occurrence.due

    @property
    def coming(self) -> dict[Answer, int]:
        """Count who comes, in the order in which it is told; what nobody answered is left out."""
        said = [attendee.answer for attendee in self.attendees]
        order = (Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED, Answer.NEEDS_ACTION)
        return {answer: said.count(answer) for answer in order if answer in said}

    @property
    def meeting_is_set(self) -> bool:
        """Tell whether people have been invited."""
        return self.booking is not None and self.booking.state is BookingState.BOOKED


def dossier(request: Request) -> tuple[View, Dossier]:
    """Gather the occurrence that a page is about; one that is not the municipality's own is a 404."""
    return dossier_of(view_of(request), request.path_params["key"])


def dossier_of(view: View, key: str, *, board: Board | None = None) -> tuple[View, Dossier]:
    """Gather an occurrence (by its key); `board` is its year's, where that is known."""
    with view.installation.store.read() as connection:
        occurrence = plans.occurrence(connection, key)
        if occurrence is None or occurrence.municipality != view.municipality.key:
            raise HTTPException(404, f"»{key}« findes ikke i planen for {view.municipality.name}.")
        view = replace(view, school_year=occurrence.school_year)
        row = next((row for row in (board or view.board).rows if row.occurrence.key == key), None)
        if row is None:
            raise HTTPException(404, f"»{occurrence.title}« er taget ud af planen for {occurrence.school_year.label}.")
        activity = view.municipality.wheel.activity(occurrence.activity)
        is_hidden = shows_test_results(activity) and not view.may_about(Right.SEE_CONFIDENTIAL, occurrence)
        versions = deliveries.versions(connection, key)
        return view, Dossier(
            row=row,
            activity=activity,
            unit=view.unit(occurrence),
            versions=tuple(_without_words(one) if is_hidden else one for one in versions),
            is_hidden=is_hidden,
            waiver=deliveries.waiver(connection, key),
            booking=bookings.booking(connection, key),
            attendees=tuple(bookings.attendees(connection, key)),
            set_aside=tuple(incoming.set_aside(connection, key)),
            people=participants(view.municipality, activity, occurrence),
            mails=told_mails(
                view.viewer,
                view.municipality,
                outbox.mails(connection, view.municipality.key, occurrence=key, contents=False),
            ),
            events=_log(
                view, occurrence, log.events(connection, view.municipality.key, occurrence=key), is_hidden=is_hidden
            ),
            question_guide=(guide := _guide(view, activity)),
            papers=paper_names(activity, guide),
            waits_for=()
            if row.state.is_done
            else waits_for(connection, view.municipality, occurrence, today=view.today),
            offers=tuple(keeping.waiting_for(connection, key, now=view.now)),
            planned_due=(plans.planned_one(connection, key) or occurrence).due,
            extension=extensions.extension(connection, key),
            calls=tuple(contact_notes.of_occurrence(connection, key)),
            agenda=agendas.agenda(connection, key) if occurrence.kind.is_meeting else None,
            extract=_extract(connection, view, occurrence),
        )


def _extract(connection: Connection, view: View, occurrence: Occurrence) -> ExtractState | None:
    """Give how far an extract has come; None for everything else."""
    if occurrence.kind is not Kind.EXTRACT:
        return None
    return states(connection, view.municipality, [occurrence], today=view.today)[0]


def show(request: Request) -> Response:
    """Show an occurrence."""
    return page(request, *dossier(request))


def page(request: Request, view: View, found: Dossier, *, status: int = 200, **values: object) -> Response:
    """Write the page of an occurrence, with the problems and texts of a form that was refused."""
    given = {
        "kinds": KINDS,
        "states": STATES,
        "problem": "",
        "problem_in": "",
        "texts": {},
        "told_to": [],
        "agenda_told": [],
        "wanted": "",
        "way": "",
        **values,
    }
    state, sentence = NOTICES.get(request.query_params.get("sket", ""), (None, ""))
    notice = sentence if state in {None, found.row.state} else ""
    words = {"answers": ANSWERS, "told": told, "detailed": detailed, "notice": notice}
    words |= {"marks": MARKS, "title_of": title_of, "source_name": source_name}
    return render(request, "occurrence.html", status=status, view=view, page="-", it=found, **words, **given)


def receipt(request: Request) -> Response:
    """Show that a delivery was received."""
    view, found = dossier(request)
    return render(request, "receipt.html", view=view, page="-", it=found, delivery=_version(request, found))


def download(request: Request) -> Response:
    """Give the file of a delivery; always to be saved, never shown as a page of ours."""
    view, found = dossier(request)
    file = _version(request, found).file
    if file is None:
        raise HTTPException(404, "Der er ingen fil i denne udgave.")
    path = view.installation.files.path(file.sha256)
    if not path.is_file():
        raise HTTPException(404, f"Filen »{file.name}« mangler i fillageret; hent den fra sikkerhedskopien.")
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return FileResponse(path, media_type=ANY_FILE, headers={"content-disposition": disposition})


def paper(request: Request) -> Response:
    """Give one of the files that go with a meeting's invitation, as it is now; a number that none has is a 404."""
    view, found = dossier(request)
    wanted = request.path_params["paper"]
    if wanted >= len(found.papers):
        raise HTTPException(404, f"»{found.activity.title}« har ikke så mange bilag.")
    try:
        file = view.installation.papers(view.municipality, found.activity).files[wanted]
    except UserError as error:
        raise HTTPException(404, f"Bilaget »{found.papers[wanted]}« kan ikke læses lige nu.") from error
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type=ANY_FILE, headers={"content-disposition": disposition})


def paper_names(activity: Activity, guide: str) -> tuple[str, ...]:
    """Name the files that go with a meeting's invitation, in the order of its papers: their own names, no folders."""
    names = tuple(PurePath(name).name for name in activity.meeting.material)
    return (GUIDE_NAME, *names) if guide else names


def _without_words(delivery: Delivery) -> Delivery:
    """Leave out what was written where test results are shown: it may tell them (folkeskoleloven § 55 b)."""
    return replace(delivery, answers={}, file=None, comment="")


def _log(view: View, occurrence: Occurrence, events: list[Event], *, is_hidden: bool) -> tuple[Event, ...]:
    """Leave out of the log what the page tells besides, by the rule of that part of the page."""
    shown = {"mail_sent": view.may(Right.SEE_MAILS), "called": view.may_about(Right.FOLLOW_UP, occurrence)}
    shown |= dict.fromkeys(("approved", "sent_back"), not is_hidden)
    return tuple(event for event in events if shown.get(event.event, True))


def _guide(view: View, activity: Activity) -> str:
    """Read the question guide; a page is shown without one that cannot be read, but nobody is invited without it."""
    try:
        return view.installation.question_guide(view.municipality, activity)
    except UserError:
        return ""


def _version(request: Request, found: Dossier) -> Delivery:
    wanted = request.path_params["version"]
    for delivery in found.versions:
        if delivery.version == wanted:
            return delivery
    raise HTTPException(404, f"»{found.activity.title}« har ingen udgave {wanted}.")
