"""A cube as large as can be: the answer of 100,000 rows, served as STIL's API serves it."""

from __future__ import annotations

import json
from email.message import Message
from functools import cached_property

from tests.adapters.sources.loopback import Reply, as_json
from tests.adapters.sources.stil.figures import ABSENCE_YEAR, INSTITUTION, MUNICIPALITY, SCHOOL_YEAR, WELL_BEING, YEAR

INDICATORS = {
    "well_being_general": "Generel trivsel",
    "well_being_academic": "Faglig trivsel",
    "well_being_social": "Social trivsel",
    "well_being_order": "Ro og orden",
}
MEASURES = ["Indikatorsvar", "Indikatorsvar - Kommunetal", "Indikatorsvar - Landstal", "Antal Indikatorsvar"]
SCHOOLS = 25_000


class ServedRows:
    """Every school's four indicators of well-being, in one page."""

    schools = tuple(f"{number:06d}" for number in range(100_000, 100_000 + SCHOOLS))

    @cached_property
    def page(self) -> bytes:
        """The answer, as it is sent."""
        return json.dumps(list(map(self._row, range(len(self)))), ensure_ascii=False).encode()

    def __len__(self) -> int:
        return SCHOOLS * len(INDICATORS)

    def reply(self, path: str, _headers: Message, body: bytes) -> Reply:
        """Answer the catalogue's questions, the question for the rows, and that for the page after them."""
        question = json.loads(body)
        if path == "/Api/v1/skema":
            return as_json(self._members(question["detalje"]) if "detalje" in question else self._entry())
        return Reply(200, self.page if question["side"] == 1 else b"[]")

    def _entry(self) -> dict[str, object]:
        names = (INSTITUTION, SCHOOL_YEAR, ABSENCE_YEAR, WELL_BEING, MUNICIPALITY)
        return {"nøgletal": MEASURES, "detaljer": [{"name": name, "count": 1} for name in names]}

    def _members(self, dimension: str) -> list[str]:
        return {SCHOOL_YEAR: [YEAR], MUNICIPALITY: ["Storby"], WELL_BEING: list(INDICATORS.values())}[dimension]

    def _row(self, number: int) -> dict[str, str]:
        school, name = self.schools[number // 4], list(INDICATORS.values())[number % 4]
        values = (f"{3 + number % 17 / 10:.1f}".replace(".", ","), "3,6", "3,7", str(20 + number % 400))
        return {
            f"{INSTITUTION}.[Institutionsnummer]": school,
            f"{SCHOOL_YEAR}.[Skoleår]": YEAR,
            f"{WELL_BEING}.[Trivselsindikator]": name,
        } | dict(zip(MEASURES, values, strict=True))
