"""Uddannelsesstatistik.dk som datakilde: a municipality's figures from STIL's cubes, with municipality and country.

Shapes and names are as documented by others and not tried against the live service, so every assumption is checked,
and the first one that fails is named.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kvalitet.adapters.sources.indicators import Catalogue, load_catalogue
from kvalitet.adapters.sources.source import ExtractRequest, NotPublishedYetError, RawExtract, SourceBrokenError
from kvalitet.adapters.sources.stil_api import SITE, Answer, QuestionRefusedError, StilApi
from kvalitet.adapters.sources.stil_cubes import Cube, load_cubes
from kvalitet.adapters.sources.stil_rows import CubeRows, check_columns
from kvalitet.measurements import Measurement, MissingReason


@dataclass(frozen=True, kw_only=True)
class Stil:
    """STIL's API as a source of figures."""

    api: StilApi
    catalogue: Catalogue = field(default_factory=load_catalogue)
    cubes: tuple[Cube, ...] = field(default_factory=load_cubes)

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Ask every cube that has one of the indicators; all of them answer, or nothing is given."""
        pulls = [self._pull(cube, request) for cube in self.cubes if _wanted(cube, request)]
        if not pulls:
            raise SourceBrokenError(f"{SITE} har ingen af nøgletallene {', '.join(request.indicators)}.")
        measurements = tuple(m for pull in pulls for m in pull.measurements)
        if all(m.missing is MissingReason.NOT_PUBLISHED for m in measurements):
            year = request.school_year.label
            raise NotPublishedYetError(f"{SITE} har ikke offentliggjort tal for skoleåret {year} endnu.")
        return RawExtract(
            content=_as_json([record for pull in pulls for record in pull.records]),
            content_type="application/json",
            label=self.api.address,
            request=json.dumps([record["question"] for pull in pulls for record in pull.records], ensure_ascii=False),
            measurements=measurements,
        )

    def _pull(self, cube: Cube, request: ExtractRequest) -> _Pull:
        indicators = _wanted(cube, request)
        questions = {level: cube.question(request, indicators, level) for level in cube.levels}
        answers = {level: self._ask(cube, question) for level, question in questions.items()}
        for level, answer in answers.items():
            check_columns(cube, answer.rows, indicators, level)
        rows = CubeRows(cube=cube, request=request, rows={level: answer.rows for level, answer in answers.items()})
        records = [{"question": questions[level], "pages": answers[level].pages} for level in cube.levels]
        found = [m for key in indicators for m in rows.measurements(self.catalogue[key])]
        return _Pull(tuple(found), records)

    def _ask(self, cube: Cube, question: Mapping[str, Any]) -> Answer:
        try:
            return self.api.statistics(question)
        except QuestionRefusedError as refusal:
            raise SourceBrokenError(self._explained(cube, question, refusal)) from refusal

    def _explained(self, cube: Cube, question: Mapping[str, Any], refusal: QuestionRefusedError) -> str:
        """Say which measure has been renamed, if that is it, and which new names the cube has."""
        place = "/".join(cube.place.values())
        try:
            today = self.api.measures_in(cube.place)
        except QuestionRefusedError:
            return f"{SITE} kender ikke kuben {place}; ret stil_cubes.yaml. Svaret var: {refusal.text}"
        gone = [name for name in question["nøgletal"] if name not in today]
        if not gone:
            return f"{SITE} afviste spørgsmålet til kuben {place}. Svaret var: {refusal.text}"
        new = [name for name in today if name not in question["nøgletal"]]
        return (
            f"{SITE} har ikke længere {', '.join(gone)} i kuben {place}. "
            f"Kuben har nu også: {', '.join(new) or 'intet nyt'}. Ret navnene i stil_cubes.yaml."
        )


@dataclass(frozen=True)
class _Pull:
    measurements: tuple[Measurement, ...]
    records: list[dict[str, Any]]


def _wanted(cube: Cube, request: ExtractRequest) -> list[str]:
    return [key for key in cube.measures if key in request.indicators]


def _as_json(records: Iterable[Mapping[str, Any]]) -> bytes:
    return json.dumps(list(records), ensure_ascii=False, indent=1).encode()
