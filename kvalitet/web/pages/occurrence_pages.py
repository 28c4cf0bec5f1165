"""Pages of one occurrence, its deliveries and files, and of one school."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from kvalitet.adapters import danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up import pausing
from kvalitet.adapters.mail.by_hand import STATES
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.predecessors import waits_for
from kvalitet.adapters.store import bookings, deliveries, incoming, log, outbox, plans
from kvalitet.board import danish_date, progress_of
from kvalitet.invites import ANSWERS, Answer
from kvalitet.messages import KINDS
from kvalitet.occurrences import participants
from kvalitet.status import BookingState, State
from kvalitet.web.pages.event_texts import detailed, told
from kvalitet.web.rendering import render
from kvalitet.web.views import view_of
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request

    from kvalitet.adapters.offers.keeping import Offer
    from kvalitet.adapters.store.bookings import Attendee, Booking
    from kvalitet.adapters.store.deliveries import Delivery, Waiver
    from kvalitet.adapters.store.incoming import Incoming
    from kvalitet.adapters.store.log import Event
    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.board import Row
    from kvalitet.municipality import Contact
    from kvalitet.web.views import View
    from kvalitet.wheel import Activity

# What a form has just done, said on the page that it leads to; only while the state is still so.
NOTICES = {
    "fritaget": (State.WAIVED, "Skolen er fritaget og får ikke flere påmindelser om punktet."),
    "godkendt": (State.APPROVED, "Afleveringen er godkendt, og skolen får en mail om det."),
    "retur": (State.SENT_BACK, "Afleveringen er sendt retur, og skolen får en mail med kommentaren."),
    "fortrudt": (State.DELIVERED, "Afgørelsen er fortrudt. Er skolen nået at få en mail om den, så sig det til dem."),
    "indkaldt": (State.BOOKED, "Mødet er indkaldt, og indkaldelserne er på vej. Du kan læse dem under Mails."),
    "flyttet": (State.BOOKED, "Mødet er flyttet, og de indkaldte får besked. Du kan læse mailene under Mails."),
    "uændret": (State.BOOKED, "Mødet lå der i forvejen; der er ikke sendt noget."),
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
    waits_for: tuple[str, ...]
    offers: tuple[Offer, ...]

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
    """Gather an occurrence; one that is not the municipality's own is a 404."""
    view = view_of(request)
    key = request.path_params["key"]
    with view.installation.store.read() as connection:
        occurrence = plans.occurrence(connection, key)
        if occurrence is None or occurrence.municipality != view.municipality.key:
            raise HTTPException(404, f"»{key}« findes ikke i planen for {view.municipality.name}.")
        view = replace(view, school_year=occurrence.school_year)
        row = next((row for row in view.board.rows if row.occurrence.key == key), None)
        if row is None:
            raise HTTPException(404, f"»{occurrence.title}« er taget ud af planen for {occurrence.school_year.label}.")
        activity = view.municipality.wheel.activity(occurrence.activity)
        return view, Dossier(
            row=row,
            activity=activity,
            unit=view.unit(occurrence),
            versions=tuple(deliveries.versions(connection, key)),
            waiver=deliveries.waiver(connection, key),
            booking=bookings.booking(connection, key),
            attendees=tuple(bookings.attendees(connection, key)),
            set_aside=tuple(incoming.set_aside(connection, key)),
            people=participants(view.municipality, activity, occurrence),
            mails=tuple(outbox.mails(connection, view.municipality.key, occurrence=key, contents=False)),
            events=tuple(log.events(connection, view.municipality.key, occurrence=key)),
            question_guide=_guide(view, activity),
            waits_for=()
            if row.state.is_done
            else waits_for(connection, view.municipality, occurrence, today=view.today),
            offers=tuple(keeping.waiting_for(connection, key, now=view.now)),
        )


def show(request: Request) -> Response:
    """Show an occurrence."""
    return page(request, *dossier(request))


def page(request: Request, view: View, found: Dossier, *, status: int = 200, **values: object) -> Response:
    """Write the page of an occurrence, with the problems and texts of a form that was refused."""
    given = {"kinds": KINDS, "states": STATES, "problem": "", "problem_in": "", "texts": {}, "told_to": [], **values}
    state, sentence = NOTICES.get(request.query_params.get("sket", ""), (None, ""))
    notice = sentence if state is found.row.state else ""
    words = {"answers": ANSWERS, "told": told, "detailed": detailed, "notice": notice}
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
    return FileResponse(path, media_type="application/octet-stream", headers={"content-disposition": disposition})


def school(request: Request) -> Response:
    """Show one school: what it has delivered, what it misses, and its meetings."""
    return school_page(request, view_of(request))


def school_page(request: Request, view: View, *, status: int = 200, **values: object) -> Response:
    """Write the page of a school, with the problem and texts of a form that was refused."""
    number = request.path_params["number"]
    known = {school.number: school for school in view.municipality.schools}
    if number not in known:
        raise HTTPException(404, f"{view.municipality.name} har ingen skole med institutionsnummer {number}.")
    rows = view.board.of_school(number)
    own = [row for row in rows if row.occurrence.kind is Kind.DELIVERABLE]
    with view.installation.store.read() as connection:
        mails = outbox.mails(connection, view.municipality.key, school=number, limit=20, contents=False)
    return render(
        request,
        "school.html",
        status=status,
        view=view,
        pauses=pausing.standing(view.installation, view.municipality, number, today=view.today),
        span_of=pausing.span_text,
        page="skoler",
        school=known[number],
        group=view.municipality.group(known[number].group),
        deliverables=own,
        progress=progress_of(own),
        meetings=sorted((row for row in rows if row.occurrence.kind.is_meeting), key=_when),
        others=[row for row in rows if row.occurrence.kind in {Kind.EXTRACT, Kind.EFFORT}],
        mails=mails,
        kinds=KINDS,
        states=STATES,
        **{"problem": "", "texts": {}, **values},
    )


def _when(row: Row) -> date:
    """Order meetings by the day they are held, or else by when they may be."""
    return danish_date(row.facts.starts_at) if row.facts.starts_at else row.occurrence.opens


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
