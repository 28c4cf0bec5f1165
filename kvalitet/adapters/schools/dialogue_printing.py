"""Printing a dialogue sheet: A4, tagged, on one page where there is room."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from kvalitet.adapters.printing.typesetting import typeset

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.schools.dialogue_sheets import DialogueSheet

TEMPLATE = "dialogue_sheet"


def printed(sheet: DialogueSheet, *, municipality: str, now: datetime) -> bytes:
    """Give a sheet as a PDF."""
    data = asdict(sheet) | {
        "municipality": municipality,
        "goals": [
            {
                "title": goal.title,
                "attainment": goal.attainment.danish,
                "story": goal.story,
                "confidential": goal.confidential,
            }
            for goal in sheet.goals
        ],
    }
    return typeset(TEMPLATE, data, now=now)
