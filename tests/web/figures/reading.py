"""Reading the tables of a page as a person does."""

from __future__ import annotations

import re
from html import unescape

from kvalitet.adapters.installation import Installation
from tests.web.conftest import browsing

CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)


def plain(markup: str) -> str:
    """Give the text of a piece of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def rows(page: str) -> list[list[str]]:
    """List the rows of all tables of a page, cell by cell."""
    return [[plain(cell) for cell in CELL.findall(row)] for row in ROW.findall(page)]


def row_of(page: str, begins: str) -> list[str]:
    """Give the first row whose head begins so."""
    return next(row for row in rows(page) if row and row[0].startswith(begins))


def leader(installation: Installation, number: str) -> str:
    """Give the mailbox of a school's leader."""
    return installation.municipalities[0].school(number).leader.address


def administration(installation: Installation) -> str:
    """Give a mailbox of the administration."""
    found = next(one for one in installation.municipalities[0].contacts if one.role.value == "administration")
    return found.address


def page_of(installation: Installation, path: str, reader: str = "") -> str:
    """Open a page, as the administration unless somebody else is named."""
    with browsing(installation, reader or administration(installation)) as browser:
        answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.text)
