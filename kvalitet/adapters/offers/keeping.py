"""Keeping: the rows of offers. The token in the mail confirms, so only a hash of it is kept here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Text, cast, insert, literal, select, update

from kvalitet.adapters.access import secret_tokens
from kvalitet.adapters.store.deliveries import StoredFile
from kvalitet.adapters.store.tables import mail_schema

if TYPE_CHECKING:
    from datetime import datetime

_f, _i, _m, _a = mail_schema.offer, mail_schema.incoming, mail_schema.mail, mail_schema.mail_about


@dataclass(frozen=True, slots=True)
class Offer:
    """Fil, der venter på bekræftelse: whose it is, which mail of ours it answers, and what became of it."""

    mark: str
    municipality: str
    address: str
    file: StoredFile
    offered_at: datetime
    expires_at: datetime
    used_at: datetime | None
    delivery: int | None
    answers: int


def add(  # noqa: PLR0913 -- the row's values, each named where it is given
    connection: Connection,
    *,
    incoming: int,
    municipality: str,
    address: str,
    file: StoredFile,
    expires_at: datetime,
    now: datetime,
) -> str:
    """Keep an offer, and give its token, which cannot be had again."""
    token = secret_tokens.fresh()
    values = {"file_name": file.name, "file_sha256": file.sha256, "file_size": file.size, "expires_at": expires_at}
    who = {"incoming": incoming, "municipality": municipality, "address": address}
    connection.execute(insert(_f).values(token_sha256=secret_tokens.digest(token), offered_at=now, **values, **who))
    return token


def with_token(connection: Connection, token: str) -> Offer | None:
    """Find the offer that a token confirms."""
    row = connection.execute(_query().where(_f.c.token_sha256 == secret_tokens.digest(token))).one_or_none()
    return _as_offer(row) if row else None


def use(connection: Connection, mark: str, *, delivery: int, now: datetime) -> None:
    """Note which delivery an offer became."""
    connection.execute(update(_f).where(_f.c.token_sha256 == mark).values(used_at=now, delivery=delivery))


def waiting_for(connection: Connection, occurrence: str, *, now: datetime) -> list[Offer]:
    """List the files that may become a delivery of an occurrence, oldest first."""
    query = _asked_about(_query(), now).where(_a.c.occurrence == occurrence).order_by(_f.c.offered_at)
    return [_as_offer(row) for row in connection.execute(query)]


def awaited(connection: Connection, municipality: str, *, now: datetime) -> frozenset[str]:
    """List the occurrences (by key) that a file has come for by mail, and nobody has confirmed it."""
    about = select(_a.c.occurrence).select_from(_f)
    return frozenset(connection.scalars(_asked_about(about, now).where(_f.c.municipality == municipality)))


def _asked_about(query: Select[Any], now: datetime) -> Select[Any]:
    """Join the waiting offers to what our mail asks whether they are."""
    key = literal("file:").concat(_f.c.municipality).concat(":").concat(cast(_f.c.incoming, Text))
    joined = query.join(_m, _m.c.key == key).join(_a, _a.c.mail == _m.c.id)
    return joined.where(_f.c.used_at.is_(None), _f.c.expires_at > now)


def _query() -> Select[Any]:
    return select(_f, _i.c.mail.label("answers")).select_from(_f).join(_i, _i.c.id == _f.c.incoming)


def _as_offer(row: Any) -> Offer:
    return Offer(
        mark=row.token_sha256,
        municipality=row.municipality,
        address=row.address,
        file=StoredFile(row.file_name, row.file_sha256, row.file_size),
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        delivery=row.delivery,
        answers=row.answers,
    )
