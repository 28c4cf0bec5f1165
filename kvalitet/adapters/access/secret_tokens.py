"""Secret tokens: what a browser or a mail carries, and the digest of it that is kept."""

from __future__ import annotations

import hashlib
import secrets

# 256 bits: nobody guesses it, so a plain digest is enough to keep it by.
TOKEN_BYTES = 32


def fresh() -> str:
    """Make a token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
