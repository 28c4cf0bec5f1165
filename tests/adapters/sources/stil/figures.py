"""The schools of Kalundborg and Hvidovre as STIL's cubes hold them.

The schools' figures are real ones of 2024/25, from the municipalities' own files (source: Uddannelsesstatistik.dk,
GS/OVER/OVERSKO and GS/TRIV/TRIVIND). The totals of municipality and country, the exams in Danish and maths, the
numbers of pupils behind a figure, the inclusion and "Støtte og inspiration" are made up.
"""

import csv
from pathlib import Path

from tests.adapters.sources.stil.server import CubeData, Record, StilServer

DEPLOYMENTS = Path(__file__).parents[4] / "deployments"
YEAR = "2024/2025"
SCHOOL_YEAR = "[Skoleår].[Skoleår]"
ABSENCE_YEAR = "[Tid].[Skoleår]"
MUNICIPALITY = "[Institution].[Beliggenhedskommune]"
RESIDENTS = "[Bopælskommune].[Bopælskommune]"
DEPARTMENT = "[Institution].[Afdelingsnummer]"
INSTITUTION = "[Institution].[Institutionsnummer]"
KIND = "[Institution].[Institutionstype]"
WELL_BEING = "[Trivselsindikator].[Trivselsindikator]"

RYNKEVANGSKOLEN = "323003"
ROERBY = "317004"
HOENG = "319002"
# The tenth grade of a vocational school: the sources list it, with nothing in any field.
TENTH_GRADE = "281286"

_OVERVIEW = ["Elevtal", "Klassekvotient", "Kompetencedækning", "SocRef Forskel", "SocRef Signifikant forskel"]
_SHARED = {"Klassekvotient Kommune": "17,4", "Klassekvotient Land": "20,9"}
_SHARED |= {"Kompetencedækning Kommune": "85,1 %", "Kompetencedækning Land": "86,7 %"}
_EXAMS = ["Gennemsnit - Dansk bundne prøver", "Gennemsnit - Matematik bundne prøver"]
_EXAMS += ["Andel elever med mindst 2 i dansk og matematik"]
_INDICATORS = ["Generel trivsel", "Faglig trivsel", "Social trivsel", "Ro og orden"]
_ENDS = {"Indikatorsvar - Kommunetal": "3,6", "Indikatorsvar - Landstal": "3,7"}
_ABSENCE, _GRADES = "Gennemsnitligt fravær per skoleår", "Gennemsnit i bundne 9.-klasseprøver"
_EXAMINED = "Antal elever med alle bundne prøver"


def school_rows(municipality: str) -> list[dict[str, str]]:
    """Read the municipality's file of figures as it lies beside its wheel."""
    text = (DEPLOYMENTS / municipality / "figures" / "2024-25.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()[1:], delimiter=";"))


def denmark() -> StilServer:
    """Both municipalities, and what else the cubes have."""
    rows = [*school_rows("kalundborg"), *school_rows("hvidovre")]
    return StilServer(
        {
            "GS/ELEVFRAV/FRAVAAR": _absence(rows),
            "GS/KARA/KARAGNS": _grades(rows),
            "GS/KARA/KARADM": _exams(),
            "GS/ELEV/ELEVEX": _pupils(rows),
            "GS/TRIV/TRIVIND": _well_being(rows),
            "GS/OVER/OVERSKO": _overview(rows),
        }
    )


def record_of(server: StilServer, cube: str, **dimensions: str) -> Record:
    """Find the record that is told apart by these members."""
    wanted = set(dimensions.values())
    return next(r for r in server.cubes[cube].records if wanted <= set(r.dimensions.values()))


def _absence(rows: list[dict[str, str]]) -> CubeData:
    schools = [
        _school(row, {_ABSENCE: f"{row['Samlet elevfravær']} %"}, year=ABSENCE_YEAR)
        for row in rows
        if row["Samlet elevfravær"]
    ]
    wholes = _wholes({_ABSENCE: "8,5 %"}, {_ABSENCE: "7,1 %"}, {_ABSENCE: "7,4 %"}, year=ABSENCE_YEAR)
    return CubeData([_ABSENCE, "Sygefravær per skoleår", "Ulovligt fravær per skoleår"], schools + wholes)


def _grades(rows: list[dict[str, str]]) -> CubeData:
    """A school without a ninth grade has no row; suppressed cells have none either."""
    kind = {KIND: "Folkeskoler"}
    schools = [
        _school(row, {_GRADES: row["Karaktergennemsnit"], _EXAMINED: "41"}, **kind)
        for row in rows
        if row["Karaktergennemsnit"]
    ]
    kalundborg, hvidovre = {_GRADES: "6,6", _EXAMINED: "402"}, {_GRADES: "7,6", _EXAMINED: "480"}
    return CubeData(
        [_GRADES, _EXAMINED], schools + _wholes(kalundborg, hvidovre, {_GRADES: "7,6", _EXAMINED: "38.512"}, **kind)
    )


def _exams() -> CubeData:
    kind = {KIND: "Folkeskoler"}
    rynkevangskolen, hoeng = {"Afdelingsnummer": RYNKEVANGSKOLEN}, {"Afdelingsnummer": HOENG}
    kalundborg = {"Kommune": "Kalundborg Kommune"}
    return CubeData(
        list(_EXAMS),
        [
            _school(rynkevangskolen | kalundborg, dict(zip(_EXAMS, ("6,6", "6,3", "88,2 %"), strict=True)), **kind),
            _school(hoeng | kalundborg, dict(zip(_EXAMS, ("7,6", "", "95,0 %"), strict=True)), **kind),
            *_wholes(
                dict(zip(_EXAMS, ("6,8", "6,5", "90,1 %"), strict=True)),
                dict(zip(_EXAMS, ("7,4", "7,5", "94,0 %"), strict=True)),
                dict(zip(_EXAMS, ("7,2", "7,1", "93,4 %"), strict=True)),
                **kind,
            ),
        ],
    )


def _pupils(rows: list[dict[str, str]]) -> CubeData:
    values = {"Inklusionsgrad": "94,7 %", "Antal elever": "2.351"}
    schools = [_school(row, {"Inklusionsgrad": "97,1 %", "Antal elever": row["Elevtal"]}) for row in rows]
    parts = [_school(row, {"Antal elever": row["Elevtal"]}, part=row["Afdelingsnummer"]) for row in rows]
    wholes = [
        Record({RESIDENTS: "Kalundborg", SCHOOL_YEAR: YEAR}, values),
        Record({RESIDENTS: "Hvidovre", SCHOOL_YEAR: YEAR}, values),
        Record({SCHOOL_YEAR: YEAR}, {"Inklusionsgrad": "94,4 %", "Antal elever": "512.110"}),
    ]
    return CubeData(["Antal elever", "Inklusionsgrad"], schools + parts + wholes)


def _well_being(rows: list[dict[str, str]]) -> CubeData:
    records = [
        _school(row, {"Indikatorsvar": row[name], "Antal Indikatorsvar": "211"} | _ENDS, indicator=name)
        for row in rows
        for name in _INDICATORS
        if row[name]
    ]
    records += [
        _school(row, {"Indikatorsvar": "3,1", "Antal Indikatorsvar": "211"} | _ENDS, indicator="Støtte og inspiration")
        for row in rows
    ]
    return CubeData(["Indikatorsvar", "Andel Indikatorsvar", "Antal Indikatorsvar", *_ENDS], records)


def _overview(rows: list[dict[str, str]]) -> CubeData:
    records = [
        Record(
            {DEPARTMENT: row["Afdelingsnummer"], SCHOOL_YEAR: YEAR},
            {name: row[name] for name in _OVERVIEW} | _SHARED,
            {MUNICIPALITY: _plain(row)},
        )
        for row in rows
    ]
    records.append(Record({DEPARTMENT: TENTH_GRADE, SCHOOL_YEAR: YEAR}, {}, {MUNICIPALITY: "Kalundborg"}))
    return CubeData(["Samlet elevfravær", *_OVERVIEW, *_SHARED], records)


def _plain(row: dict[str, str]) -> str:
    return row["Kommune"].removesuffix(" Kommune")


def _school(
    row: dict[str, str],
    values: dict[str, str],
    *,
    year: str = SCHOOL_YEAR,
    indicator: str | None = None,
    part: str | None = None,
    **filterable: str,
) -> Record:
    dimensions = {INSTITUTION: row["Afdelingsnummer"], year: YEAR}
    dimensions |= {WELL_BEING: indicator} if indicator else {}
    dimensions |= {DEPARTMENT: part} if part else {}
    return Record(dimensions, values, {MUNICIPALITY: _plain(row)} | filterable)


def _wholes(
    kalundborg: dict[str, str],
    hvidovre: dict[str, str],
    country: dict[str, str],
    *,
    year: str = SCHOOL_YEAR,
    **filterable: str,
) -> list[Record]:
    return [
        Record({MUNICIPALITY: "Kalundborg", year: YEAR}, kalundborg, dict(filterable)),
        Record({MUNICIPALITY: "Hvidovre", year: YEAR}, hvidovre, dict(filterable)),
        Record({year: YEAR}, country, dict(filterable)),
    ]
