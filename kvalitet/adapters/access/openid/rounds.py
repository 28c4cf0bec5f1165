"""Rounds: what is remembered between the way out to the municipality's login and the way back.

The browser carries it in a cookie of its own, sealed by a key that only the store knows, so that any process can take
the answer. State, nonce and the proof of PKCE are made from it; none of them stands in the cookie itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kvalitet.adapters.access import secret_tokens
from kvalitet.adapters.access.attempts import Limit, seconds_to_wait
from kvalitet.adapters.store import log
from kvalitet.adapters.store.tables import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kvalitet.adapters.store import Store

# Long enough for a second factor and a forgotten telephone.
LIFE = timedelta(minutes=10)
ONCE = Limit("openid-round", 1, LIFE)
_KEY = "openid_key"


@dataclass(frozen=True, slots=True)
class Round:
    """Loginrunde: one browser's way out and back; `way` is the page that it was going to."""

    municipality: str
    way: str
    seed: str
    ends_at: str

    def state(self, key: bytes) -> str:
        """What the answer must bring back."""
        return _derived(key, "state", self.seed)

    def nonce(self, key: bytes) -> str:
        """What must stand in the signed answer."""
        return _derived(key, "nonce", self.seed)

    def verifier(self, key: bytes) -> str:
        """What proves that the answer is fetched by who asked (PKCE, RFC 7636 § 4.1)."""
        return _derived(key, "verifier", self.seed)


def begin(municipality: str, way: str, *, now: datetime) -> Round:
    """Begin a round."""
    return Round(municipality, way, secret_tokens.fresh(), (now + LIFE).isoformat())


def key_of(store: Store) -> bytes:
    """Give the key that seals rounds; made once, and the same for all processes."""
    with store.read() as connection:
        known = log.recall(connection, _KEY)
    if known is None:
        with store.write() as connection:
            log.insert_once(connection, schema.installation, {"name": _KEY, "value": secret_tokens.fresh()})
            known = log.recall(connection, _KEY)
    return str(known).encode()


def sealed(found: Round, key: bytes) -> str:
    """Write a round for its cookie."""
    text = base64.urlsafe_b64encode(json.dumps(asdict(found)).encode()).decode()
    return f"{text}.{_derived(key, 'seal', text)}"


def unsealed(cookie: str, key: bytes, *, now: datetime) -> Round | None:
    """Read a round from its cookie; None where we have not sealed it, or it has taken too long."""
    text, _, seal = cookie.partition(".")
    if not hmac.compare_digest(seal.encode(), _derived(key, "seal", text).encode()):
        return None
    found = Round(**json.loads(base64.urlsafe_b64decode(text)))
    return found if now < datetime.fromisoformat(found.ends_at) else None


def use(connection: Connection, found: Round, *, now: datetime) -> bool:
    """Use a round up; False when it has been, in this process or another."""
    return seconds_to_wait(connection, ONCE, found.seed, now=now) == 0


def _derived(key: bytes, purpose: str, text: str) -> str:
    mark = hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")
