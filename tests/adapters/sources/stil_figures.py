"""Three of Kalundborg's schools as STIL's cubes hold them (real figures of 2024/25; totals are made up)."""

from tests.adapters.sources.stil_server import CubeData, Record, StilServer

YEAR = "2024/2025"
SCHOOL_YEAR = "[Skoleår].[Skoleår]"
MUNICIPALITY = "[Institution].[Beliggenhedskommune]"
DEPARTMENT = "[Institution].[Afdelingsnummer]"
INSTITUTION = "[Institution].[Institutionsnummer]"
KIND = "[Institution].[Institutionstype]"
WELL_BEING = "[Trivselsindikator].[Trivselsindikator]"

RYNKEVANGSKOLEN = "323003"
ROERBY = "317004"
HOENG = "319002"
PRIVATE_SCHOOL = "323999"

_OVERVIEW = ["Samlet elevfravær", "Klassekvotient", "Karaktergennemsnit", "Kompetencedækning"]
_EXAMS = [
    "Gennemsnit - Dansk bundne prøver",
    "Gennemsnit - Matematik bundne prøver",
    "Andel elever med mindst 2 i dansk og matematik",
]


def kalundborg() -> StilServer:
    return StilServer(
        {
            "GS/OVER/OVERSKO": overview_cube(),
            "GS/KARA/KARADM": exam_cube(),
            "GS/ELEV/ELEVEX": inclusion_cube(),
            "GS/TRIV/TRIVIND": well_being_cube(),
        }
    )


def overview_cube() -> CubeData:
    shared = {"Samlet elevfravær Kommune": "8,5 %", "Samlet elevfravær Land": "7,4 %", "Karaktergennemsnit Land": "7,5"}
    measures = [*_OVERVIEW, *(f"{m}{end}" for end in (" Kommune", " Land") for m in _OVERVIEW)]
    return CubeData(
        [*measures, "Elevtal", "SocRef Forskel", "SocRef Signifikant forskel"],
        [
            _school(DEPARTMENT, RYNKEVANGSKOLEN, shared | _overview("9,3 %", "6,4", "377", "-0,2", "På niveau")),
            _school(DEPARTMENT, ROERBY, shared | _overview("7,6 %", "", "70", "", "")),
            _school(DEPARTMENT, HOENG, shared | _overview("8,5 %", "7,6", "1.396", "0,6", "Over niveau")),
            _school(DEPARTMENT, PRIVATE_SCHOOL, shared | _overview("5,0 %", "8,1", "120", "", "")),
        ],
    )


def exam_cube() -> CubeData:
    folkeskole = {KIND: "Folkeskoler"}
    records = [
        _school(INSTITUTION, RYNKEVANGSKOLEN, dict(zip(_EXAMS, ("6,6", "6,3", "88,2 %"), strict=True)), folkeskole),
        _school(INSTITUTION, HOENG, dict(zip(_EXAMS, ("7,6", "", "95,0 %"), strict=True)), folkeskole),
        Record(
            {MUNICIPALITY: "Kalundborg", SCHOOL_YEAR: YEAR},
            dict(zip(_EXAMS, ("6,8", "6,5", "90,1 %"), strict=True)),
            folkeskole,
        ),
        Record({SCHOOL_YEAR: YEAR}, dict(zip(_EXAMS, ("7,2", "7,1", "93,4 %"), strict=True)), folkeskole),
    ]
    return CubeData(list(_EXAMS), records)


def inclusion_cube() -> CubeData:
    return CubeData(["Inklusionsgrad"], [Record({SCHOOL_YEAR: "2023/2024"}, {"Inklusionsgrad": "94,7 %"})])


def well_being_cube() -> CubeData:
    values = {"Generel trivsel": "3,5", "Faglig trivsel": "3,5", "Social trivsel": "3,8", "Ro og orden": "3,7"}
    ends = {"Indikatorsvar - Kommunetal": "3,6", "Indikatorsvar - Landstal": "3,7"}
    records = [
        Record(
            {INSTITUTION: RYNKEVANGSKOLEN, SCHOOL_YEAR: YEAR, WELL_BEING: name},
            {"Indikatorsvar": value} | ends,
            {MUNICIPALITY: "Kalundborg"},
        )
        for name, value in values.items()
    ]
    return CubeData(["Indikatorsvar", *ends], records)


def _overview(absence: str, grade: str, pupils: str, difference: str, level: str) -> dict[str, str]:
    return {
        "Samlet elevfravær": absence,
        "Karaktergennemsnit": grade,
        "Elevtal": pupils,
        "SocRef Forskel": difference,
        "SocRef Signifikant forskel": level,
    }


def _school(dimension: str, number: str, values: dict[str, str], filterable: dict[str, str] | None = None) -> Record:
    return Record({dimension: number, SCHOOL_YEAR: YEAR}, values, {MUNICIPALITY: "Kalundborg"} | (filterable or {}))
