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
from kvalitet.adapters.sources.stil_cubes import Cube, load_cubes, stil_year
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
        answers = {level: self._ask(cube, request, question) for level, question in questions.items()}
        for level, answer in answers.items():
            check_columns(cube, answer.rows, indicators, level)
        rows = CubeRows(cube=cube, request=request, rows={level: answer.rows for level, answer in answers.items()})
        records = [{"question": questions[level], "pages": answers[level].pages} for level in cube.levels]
        found = [m for key in indicators for m in rows.measurements(self.catalogue[key])]
        return _Pull(tuple(found), records)

    def _ask(self, cube: Cube, request: ExtractRequest, question: Mapping[str, Any]) -> Answer:
        """Ask; a refusal because the cube does not have the school year yet is an answer without rows."""
        try:
            return self.api.statistics(question)
        except QuestionRefusedError as refusal:
            self._check_measures(cube, question, refusal)
            if self.api.has_member(cube.place, cube.year, stil_year(request.school_year)):
                raise SourceBrokenError(_refused(cube, refusal)) from refusal
            return Answer([], (refusal.text,))

    def _check_measures(self, cube: Cube, question: Mapping[str, Any], refusal: QuestionRefusedError) -> None:
        """Name the measures that the cube no longer has, and the new ones that it has instead."""
        try:
            today = self.api.measures_in(cube.place)
        except QuestionRefusedError as unknown_cube:
            raise SourceBrokenError(_refused(cube, refusal)) from unknown_cube
        gone = [name for name in question["nøgletal"] if name not in today]
        if gone:
            new = ", ".join(name for name in today if name not in question["nøgletal"]) or "intet nyt"
            raise SourceBrokenError(
                f"{SITE} har ikke længere {', '.join(gone)} i kuben {_name(cube)}, men har nu også: {new}. "
                "Ret navnene i stil_cubes.yaml."
            ) from refusal


@dataclass(frozen=True)
class _Pull:
    measurements: tuple[Measurement, ...]
    records: list[dict[str, Any]]


def _wanted(cube: Cube, request: ExtractRequest) -> list[str]:
    return [key for key in cube.measures if key in request.indicators]


def _name(cube: Cube) -> str:
    return "/".join(cube.place.values())


def _refused(cube: Cube, refusal: QuestionRefusedError) -> str:
    return f"{SITE} afviste spørgsmålet til kuben {_name(cube)}; ret stil_cubes.yaml. Svaret var: {refusal.text}"


def _as_json(records: Iterable[Mapping[str, Any]]) -> bytes:
    return json.dumps(list(records), ensure_ascii=False, indent=1).encode()
