"""Rules for the bytes themselves (RFC 5545 § 3.1 and 3.3.11, RFC 6047 § 2.4), which no parser holds anybody to."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

LINE = re.compile(
    r"""(?P<name>[A-Za-z0-9-]+)
    (?P<params>(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*)
    :(?P<value>.*)""",
    re.VERBOSE | re.DOTALL,
)
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "NAME", "X-WR-CALNAME", "TZNAME"}
TEXT = re.compile(r"(?:\\[\\;,nN]|[^\\;,])*", re.DOTALL)
CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
ONCE = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE")
LONGEST_LINE, LONGEST_MAIL_LINE = 75, 998
LAYOUT = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]


def broken_lines(calendar: bytes) -> list[str]:
    """List what is wrong with the lines of any calendar, an invitation's or a feed's."""
    broken = [] if calendar.endswith(b"\r\n") else ["the last line does not end"]
    for line in calendar.removesuffix(b"\r\n").split(b"\r\n"):
        name = line[:12].decode(errors="replace")
        if len(line) > LONGEST_LINE:
            broken.append(f"too long: {name}")
        if CONTROLS.search(line):
            broken.append(f"a control character: {name}")
        if not _is_text(line):
            broken.append(f"begins or ends inside a character: {name}")
    for content in content_lines(calendar):
        found = LINE.fullmatch(content)
        if not found:
            broken.append(f"no property: {content}")
        elif found["name"].upper() in TEXTS and not TEXT.fullmatch(found["value"]):
            broken.append(f"not escaped: {content}")
    return broken


def broken_invite(calendar: bytes) -> list[str]:
    """List what is wrong with a calendar that goes out in a mail: one meeting, one recipient, one alarm or none."""
    names = [re.split("[;:]", line, maxsplit=1)[0] for line in content_lines(calendar)]
    lines = content_lines(calendar)
    method = next((line.removeprefix("METHOD:") for line in lines if line.startswith("METHOD:")), "none")
    wanted = dict.fromkeys(["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "BEGIN:VEVENT"], 1)
    wanted["BEGIN:VALARM"] = 1 if method == "REQUEST" else 0
    broken = [f"{lines.count(line)} times {line}" for line, times in wanted.items() if lines.count(line) != times]
    if "BEGIN:VEVENT" in lines:
        inside = names[lines.index("BEGIN:VEVENT") :]
        # The alarm has a DESCRIPTION of its own, and none of these.
        broken += [f"{inside.count(name)} times {name}" for name in ONCE if inside.count(name) != 1]
    broken += [f"no number: {line}" for line in lines if line.startswith("SEQUENCE:") and not line[9:].isdecimal()]
    if names.count("METHOD") != 1 or method not in {"REQUEST", "CANCEL"}:
        broken.append(f"the method is {method}")
    return [*broken_lines(calendar), *broken]


def broken_mail(raw: bytes) -> list[str]:
    """List what is wrong with a mail that invites or cancels, its calendar included."""
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    parts = list(mail.walk())
    kinds = [part.get_content_type() for part in parts]
    if kinds[: len(LAYOUT)] != LAYOUT or "text/calendar" in kinds[len(LAYOUT) :]:
        return [f"the parts are {kinds}"]
    calendar, attached = parts[4], parts[5]
    content = payload(calendar)
    lines = content_lines(content)
    broken = broken_invite(content) + _broken_part(calendar, lines)
    if payload(attached) != content or attached.get_content_disposition() != "attachment":
        broken.append("the attached file is not the same calendar")
    for header, name in (("From", "ORGANIZER"), ("To", "ATTENDEE")):
        addresses = [address.addr_spec for address in mail[header].addresses]
        said = [line.rpartition("mailto:")[2] for line in lines if line.startswith(name)]
        if addresses != said:
            broken.append(f"{header} is {addresses}, and {name} is {said}")
    sent_by = re.findall('SENT-BY="mailto:([^"]+)"', "\n".join(lines))
    if sent_by != ([mail["Sender"].address.addr_spec] if mail["Sender"] else []):
        broken.append(f"SENT-BY is {sent_by}, and Sender is {mail['Sender']}")
    if mail["From"].addresses == mail["To"].addresses:
        broken.append("the organizer invites himself")
    return broken + _broken_mail_lines(raw)


def _broken_part(part: EmailMessage, lines: list[str]) -> list[str]:
    broken = []
    method = part.get_param("method")
    if f"METHOD:{method}" not in lines:
        broken.append(f"the part's method is {method}, the calendar's is not")
    if part.get_content_charset() != "utf-8":
        broken.append(f"the part's charset is {part.get_content_charset()}")
    if "Content-Disposition" in part:
        broken.append("the part has a Content-Disposition")
    if part["Content-Transfer-Encoding"] not in {"base64", "quoted-printable"}:
        broken.append(f"the part is encoded as {part['Content-Transfer-Encoding']}")
    return broken


def _broken_mail_lines(raw: bytes) -> list[str]:
    return [
        f"not plain: {line[:14].decode(errors='replace')}"
        for line in raw.removesuffix(b"\r\n").split(b"\r\n")
        if len(line) > LONGEST_MAIL_LINE or not line.isascii() or CONTROLS.search(line)
    ]


def calendar_of(raw: bytes) -> bytes:
    """Give the calendar of a mail that invites or cancels."""
    (part,) = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def payload(part: EmailMessage) -> bytes:
    """Give the bytes of a part, decoded."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def content_lines(calendar: bytes) -> list[str]:
    """Give the lines as they were before they were folded; octets are joined before they become characters."""
    unfolded = re.sub(rb"\r\n[ \t]", b"", calendar.removesuffix(b"\r\n"))
    return unfolded.decode(errors="replace").split("\r\n")


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
