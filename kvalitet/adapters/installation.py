"""The installation: settings, store, files and municipalities, opened together."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kvalitet.adapters.access.seen import Seen
from kvalitet.adapters.delivering.contents import refuse_contents
from kvalitet.adapters.delivering.scanning import Scanner
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import FileStore
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.mail.transport import MailboxTransport, SmtpTransport
from kvalitet.adapters.municipality_files import load_all
from kvalitet.adapters.store import Store, log, plans, yearly
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.board import Board, board_of, danish_date
from kvalitet.days import SchoolYear
from kvalitet.invites import Paper, Papers
from kvalitet.occurrences import stands

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.transport import Transport
    from kvalitet.adapters.settings import Settings
    from kvalitet.municipality import Municipality
    from kvalitet.wheel import Activity

DEMONSTRATION = "demonstration"
# What the question guide is called as a file.
GUIDE_NAME = "Spørgeguide.txt"


@dataclass(frozen=True)
class Installation:
    """Installation: what flows, board and command line work on."""

    settings: Settings
    store: Store
    municipalities: tuple[Municipality, ...]
    # A new one each time will do: the outbox keeps the message ids that it went into.
    secret: bytes = field(default_factory=secrets.token_bytes, repr=False)
    seen: Seen = field(default_factory=Seen, repr=False, compare=False)

    @classmethod
    def open(cls, settings: Settings) -> Installation:
        """Read the municipalities and open the store; the tables are left as they are."""
        return cls(settings, Store.open(settings.store_url), load_all(settings.municipality_folder))

    @cached_property
    def files(self) -> FileStore:
        """The files of deliveries."""
        scanner = self.settings.virus_scanner
        checks = (refuse_contents, Scanner.at(scanner)) if scanner else (refuse_contents,)
        return FileStore(self.settings.home / "files", checks)

    @cached_property
    def renderer(self) -> Renderer:
        """What turns messages into mails."""
        settings = self.settings
        takes_files = bool(settings.imap_host)
        return Renderer(settings.templates, settings.public_url, takes_files=takes_files, secret=self.secret)

    @property
    def is_demonstration(self) -> bool:
        """Tell whether it holds demonstration data."""
        with self.store.read() as connection:
            return log.recall(connection, DEMONSTRATION) is not None

    def transport(self) -> Transport:
        """Give where mails go: the mail server, or the local mailbox when none is set.

        A demonstration never writes to anybody, whatever the settings name.
        """
        chosen = self.settings
        if self.is_demonstration or not chosen.smtp_host:
            return MailboxTransport(chosen.home / "mailbox")
        return SmtpTransport(
            host=chosen.smtp_host,
            port=chosen.smtp_port,
            user=chosen.smtp_user,
            password=chosen.smtp_password.get_secret_value(),
            security=chosen.smtp_security,
            timeout=chosen.smtp_timeout,
        )

    def municipality(self, key: str) -> Municipality:
        """Find a municipality; an unknown key is a UserError that names the known ones."""
        for municipality in self.municipalities:
            if municipality.key == key:
                return municipality
        known = ", ".join(municipality.key for municipality in self.municipalities)
        raise UserError(f"Kommunen »{key}« findes ikke her; vælg en af: {known or 'ingen'}.")

    def question_guide(self, municipality: Municipality, activity: Activity) -> str:
        """Read the question guide that goes with a meeting's invitation; "" where there is none."""
        name = activity.meeting.question_guide
        if not name:
            return ""
        try:
            return (self.settings.municipality_folder / municipality.key / name).read_text(encoding="utf-8")
        except OSError as error:
            raise UserError(f"Spørgeguiden »{name}« kan ikke læses; kør »kvalitet check«.") from error

    def papers(self, municipality: Municipality, activity: Activity) -> Papers:
        """Read what goes with a meeting's invitation: the question guide, also as a file, and the material."""
        guide = self.question_guide(municipality, activity)
        files = [Paper(GUIDE_NAME, guide.encode())] if guide else []
        for name in activity.meeting.material:
            path = self.settings.municipality_folder / municipality.key / name
            try:
                files.append(Paper(path.name, path.read_bytes()))
            except OSError as error:
                raise UserError(f"Bilaget »{name}« kan ikke læses; kør »kvalitet check«.") from error
        return Papers(guide, tuple(files))

    def board(self, municipality: Municipality, school_year: SchoolYear, *, now: datetime) -> Board:
        """Compute the board of one school year; what the files no longer know is left out."""
        with self.store.read_steadily() as connection:
            return board_on(connection, municipality, school_year, now=now)

    def current_year(self, municipality: Municipality, *, now: datetime) -> SchoolYear:
        """Give the school year to show: the newest planned one whose wheel has begun."""
        with self.store.read() as connection:
            return current_year_on(connection, municipality, now=now)


def board_on(connection: Connection, municipality: Municipality, school_year: SchoolYear, *, now: datetime) -> Board:
    """Compute the board of one school year in the caller's transaction."""
    told = yearly.tell(connection, municipality.key, school_year)
    paused = school_pauses.reasons(connection, municipality.key, danish_date(now))
    return board_told(municipality, told, paused, now=now)


def board_told(municipality: Municipality, told: yearly.Told, paused: Mapping[str, str], *, now: datetime) -> Board:
    """Compute the board of what the database has told; `paused` maps schools on pause to the reason."""
    planned = map(told.occurrence, told.planned)
    shown = [occurrence for occurrence in planned if stands(municipality, occurrence, today=date.min)]
    return board_of(municipality, told.school_year, shown, told.facts(), now=now, paused=paused)


def current_year_on(connection: Connection, municipality: Municipality, *, now: datetime) -> SchoolYear:
    """Give the school year to show, in the caller's transaction."""
    today = danish_date(now)
    planned = plans.school_years(connection, municipality.key)
    begun = [year for year in planned if municipality.wheel.span(year)[0] <= today]
    return begun[-1] if begun else (planned[0] if planned else SchoolYear.containing(today))
