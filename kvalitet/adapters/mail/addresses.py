"""Addresses and names as mail programs and servers take them."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address

# Microsoft refuses or splits names with these, and calendars have no way to write a quotation mark.
_TROUBLE = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029",:;@<>\\]+')
_LONGEST_NAME = 75
_WORD = r"[A-Za-z0-9_+-]+"
_ORDINARY = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_WORD}(?:\.{_WORD})*")


def calm_name(name: str) -> str:
    """Take out of a display name what mail programs stumble over."""
    return " ".join(_TROUBLE.sub(" ", name).split())[:_LONGEST_NAME]


def mail_address(address: str) -> str:
    """Write the domain in its ASCII form; a local part that is not ASCII is a ValueError, as servers refuse it."""
    local_part, _, domain = address.rpartition("@")
    if not local_part.isascii():
        message = f"»{address}« kan ikke bruges som mailadresse; der må ikke stå æ, ø eller å før @."
        raise ValueError(message)
    return f"{local_part}@{domain.encode('idna').decode()}"


def mailbox(name: str, address: str) -> Address:
    """Give a name and an address as one header value; anything that is not one address is a ValueError."""
    written = mail_address(address)
    try:
        if _ORDINARY.fullmatch(written):  # what the library would find too, in a twentieth of the time
            local_part, _, domain = written.partition("@")
            return Address(calm_name(name), local_part, domain)
        return Address(calm_name(name), addr_spec=written)
    except (HeaderParseError, ValueError, IndexError) as error:
        message = f"»{address}« er ikke en mailadresse."
        raise ValueError(message) from error
