"""Danmarks Statistik som datakilde: a municipality's and the country's figures from tables of Statistikbanken.

It has none of single schools. Every table answers whole, or nothing is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kvalitet.adapters.sources.indicators import Catalogue, load_catalogue
from kvalitet.adapters.sources.source import ExtractRequest, NotPublishedYetError, RawExtract, SourceBrokenError
from kvalitet.adapters.sources.statbank.api import (
    SITE,
    StatBankApi,
    StatBankError,
    StatBankTalk,
    TableAnswer,
    TableInfo,
)
from kvalitet.adapters.sources.statbank.tables import StatBankTable, load_tables
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason


@dataclass(frozen=True, kw_only=True)
class StatBank:
    """Statistikbanken as a source of figures."""

    api: StatBankApi = field(default_factory=StatBankApi)
    catalogue: Catalogue = field(default_factory=load_catalogue)
    tables: tuple[StatBankTable, ...] = field(default_factory=load_tables)

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Ask every table that has one of the indicators; all of them answer, or nothing is given."""
        tables = [table for table in self.tables if table.indicator in request.indicators]
        if not tables:
            raise SourceBrokenError(f"{SITE} har ingen af nøgletallene {', '.join(request.indicators)}.")
        talk = self.api.begin()
        pulls = [_Pull(talk, table, request, self._title(table)) for table in tables]
        measurements = tuple(m for pull in pulls for m in pull.measurements())
        if all(m.missing is MissingReason.NOT_PUBLISHED for m in measurements):
            year = request.school_year.label
            raise NotPublishedYetError(f"{SITE} har ikke offentliggjort tal for skoleåret {year} endnu.")
        return RawExtract(
            content=b"[%s]" % b",\n".join(answer.raw for pull in pulls for answer in pull.answers),
            content_type="application/json",
            label=self.api.address,
            request=json.dumps([question for pull in pulls for question in pull.questions], ensure_ascii=False),
            measurements=measurements,
            warnings=tuple(warning for pull in pulls for warning in pull.warnings),
            updated_at=max((info.updated for pull in pulls for info in pull.infos if info.updated), default=None),
        )

    def _title(self, table: StatBankTable) -> str:
        return self.catalogue[table.indicator].title


@dataclass
class _Pull:
    """Hentning: one table, and what it has answered so far."""

    talk: StatBankTalk
    table: StatBankTable
    request: ExtractRequest
    title: str
    infos: list[TableInfo] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    answers: list[TableAnswer] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def measurements(self) -> list[Measurement]:
        """Look the table up, ask it, and read municipality and country."""
        try:
            info = self.talk.table(self.table.table)
            self.infos.append(info)
            areas = self._checked(info)
            if self._period not in info.variables[self.table.time]:
                return [self._measurement(unit, None, MissingReason.NOT_PUBLISHED) for unit in areas]
            values = self._ask(areas)
        except StatBankError as error:
            raise SourceBrokenError(f"{SITE} afviste {self._named}: {error}. Ret tables.yaml.") from error
        return [self._measurement(unit, values[area], MissingReason.UNKNOWN) for unit, area in areas.items()]

    @property
    def _period(self) -> str:
        return self.table.period_of(self.request.school_year)

    @property
    def _named(self) -> str:
        return f"tabellen {self.table.table}"

    def _checked(self, info: TableInfo) -> dict[str, str]:
        """Find that the table has the variables and values that we know, and no other variable; give the areas."""
        if not info.active:
            self.warnings.append(f"{SITE} fører ikke længere {self._named} ({self.title}) ajour; find en anden kilde.")
        self._same("variablene", set(self.table.variables), set(info.variables))
        for variable, value in {**self.table.fixed, self.table.area: self.table.country}.items():
            self._there(f"{variable} =", value, info.variables[variable])
        named = [code for code, text in info.variables[self.table.area].items() if text == self._place]
        if len(named) != 1:
            raise SourceBrokenError(
                f"{SITE} kender ikke netop ét område ved navn {self._place} i {self._named}. "
                "Er kommunens navn i municipality.yaml rigtigt?"
            )
        return {MUNICIPALITY: named[0], COUNTRY: self.table.country}

    @property
    def _place(self) -> str:
        return self.request.municipality_name

    def _same(self, what: str, wanted: set[str], there: set[str]) -> None:
        """A variable that we do not know may split or add up the figures in another way, so it is not passed over."""
        if wanted != there:
            names = ", ".join(sorted(there))
            raise SourceBrokenError(f"{SITE} har nu {what} {names} i {self._named}. Ret tables.yaml.")

    def _there(self, what: str, value: str, values: Mapping[str, str]) -> None:
        if value not in values:
            names = ", ".join(f"{code} ({text})" for code, text in list(values.items())[:12])
            raise SourceBrokenError(
                f"{SITE} har ikke længere {what} {value} i {self._named}, men {names}. Ret tables.yaml."
            )

    def _ask(self, areas: dict[str, str]) -> dict[str, Decimal | None]:
        """Ask for the areas, and give each one's value: every one that was asked for, once, and no other."""
        question = self.table.question(list(areas.values()), self._period)
        answer = self.talk.data(question)
        self.questions.append(question)
        self.answers.append(answer)
        wanted = {variable["code"]: variable["values"] for variable in question["variables"]}
        values: dict[str, Decimal | None] = {}
        for cell in answer.cells:
            codes = self._codes(cell.codes, wanted)
            if codes[self.table.area] in values:
                raise SourceBrokenError(f"{SITE} sendte {codes[self.table.area]} to gange fra {self._named}.")
            values[codes[self.table.area]] = cell.value
        lost = [area for area in areas.values() if area not in values]
        if lost:
            raise SourceBrokenError(f"{SITE} sendte ikke tal for {', '.join(lost)} fra {self._named}.")
        return values

    def _codes(self, found: dict[str, str], wanted: dict[str, list[str]]) -> dict[str, str]:
        """The cell's codes under the variables' own names (streamed ones come in capitals), all of them asked for."""
        names = {name.casefold(): name for name in wanted}
        codes = {names.get(name.casefold(), name): code for name, code in found.items()}
        self._same("kolonnerne", set(wanted), set(codes))
        other = next((code for name, code in codes.items() if code not in wanted[name]), None)
        if other is not None:
            told = next(name for name, code in codes.items() if code == other)
            raise SourceBrokenError(f"{SITE} sendte tal for {other} i stedet for {', '.join(wanted[told])}.")
        return codes

    def _measurement(self, unit: str, value: Decimal | None, reason: MissingReason) -> Measurement:
        updated = self.infos[-1].updated
        return Measurement(
            indicator=self.table.indicator,
            school_year=self.request.school_year,
            unit=unit,
            source=f"{SITE}, Statistikbanken, tabel {self.table.table} ({self._period}), CC BY 4.0",
            value=value,
            missing=reason if value is None else None,
            published_on=updated.date() if updated and reason is not MissingReason.NOT_PUBLISHED else None,
        )
