"""Authentication: whether our own mail server vouches for the address in From (RFC 8601, RFC 6047 § 3).

Anybody can write anything in From. A mail server that checks (SPF, DKIM, DMARC) says what it found in
Authentication-Results, signed with a name of its own; only the topmost with our server's name counts, since
those further down, and those with other names, may have been written by the sender.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

RESULTS = "Authentication-Results"
# Exchange Online writes no name of its own; it takes away headers of these names from mails that come from outside.
EXCHANGE_ONLINE = "exchange-online"
INTERNAL = "X-MS-Exchange-Organization-AuthAs"
_LONGEST = 4000
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)")
_PROPERTY = re.compile(r"([a-z]+\.[a-z0-9_-]+)\s*=\s*([^\s;]+)")


def is_vouched_for(mail: Message, sender: str, authserv_id: str) -> bool:
    """Tell whether our mail server says that a mail really is from the domain of its sender.

    `authserv_id` is the name that our server signs with; "" when it is not known, and then nobody is vouched for.
    """
    domain = sender.rpartition("@")[2]
    if not authserv_id or not domain:
        return False
    headers = [str(value) for value in mail.get_all(RESULTS, [])]
    if authserv_id.lower() == EXCHANGE_ONLINE:
        return _is_internal(mail) or bool(headers and _is_nameless(headers[0]) and _vouches(_plain(headers[0]), domain))
    ours = [plain for plain in map(_plain, headers) if _name(plain) == authserv_id.lower()]
    return bool(ours) and _vouches(ours[0], domain)


def _is_internal(mail: Message) -> bool:
    return [str(value).strip().lower() for value in mail.get_all(INTERNAL, [])] == ["internal"]


def _plain(header: str) -> str:
    """Take quoted texts and comments away: anybody may write »dmarc=pass« in them, for many a part is the sender's."""
    text = _QUOTED.sub("", header[:_LONGEST].lower())
    if "\\" in text:  # it may hide where a comment ends (RFC 5322 § 3.2.1)
        return ""
    while (shorter := _COMMENT.sub(" ", text)) != text:
        text = shorter
    return "" if set('()"') & set(text) or len(header) > _LONGEST else text


def _is_nameless(header: str) -> bool:
    return "=" in _plain(header).partition(";")[0]


def _name(header: str) -> str:
    words = header.partition(";")[0].split()
    return words[0] if words else ""


def _vouches(header: str, domain: str) -> bool:
    parts = header.split(";")
    # A server that found DMARC to fail knows more of what the domain asks for than we do.
    return not any(_fails_dmarc(part) for part in parts) and any(_passes(part, domain) for part in parts)


def _fails_dmarc(part: str) -> bool:
    found = _RESULT.match(part.strip())
    return bool(found and (found[1], found[2]) == ("dmarc", "fail"))


def _passes(part: str, domain: str) -> bool:
    """Tell whether one method's result is a pass for the domain in From."""
    found = _RESULT.match(part.strip())
    if not found or found[2] != "pass":
        return False
    said = dict(_PROPERTY.findall(part))
    if found[1] == "dmarc":
        return bool(said.get("header.from") == domain)
    if found[1] == "dkim":
        return _is_aligned(said.get("header.d") or said.get("header.i", ""), domain)
    return bool(found[1] == "spf" and _is_aligned(said.get("smtp.mailfrom", ""), domain))


def _is_aligned(vouched: str, domain: str) -> bool:
    """Tell whether a domain that passed answers for the one in From: the same, or one of them lies in the other."""
    found = vouched.rpartition("@")[2]
    if "." not in found:
        return False
    return found == domain or found.endswith(f".{domain}") or domain.endswith(f".{found}")
