"""Files of figures: the real ones of both municipalities, other encodings, Excel, and what is wrong with a file."""

import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.sources.files.school_figures_file import FiguresFile
from kvalitet.adapters.sources.source import ExtractRequest, NotPublishedYetError, RawExtract, WrongFileError
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason, find_measurement

DEPLOYMENTS = Path(__file__).parents[4] / "deployments"
RYNKEVANGSKOLEN = "323003"
KALUNDBORG = frozenset(
    [
        *("301004", "301005", "301007", "309001", "309002"),
        *("317001", "317004", "319001", "319002", "319003"),
        *("323001", "323003", "323007", "323008", "323016"),
    ]
)
HVIDOVRE = frozenset(f"16700{n}" for n in (1, 2, 3, 4, 5, 6, 8, 9)) | {"167011"}
WIDE = "Skoleår;Afdelingsnummer;Elevtal;Samlet elevfravær\n"
LONG = "skoleår;institutionsnummer;indikator;værdi\n"


def test_rynkevangskolens_real_figures_are_read_from_the_right_columns() -> None:
    extract = real("kalundborg", KALUNDBORG)
    keys = ("absence", "grade_average", "well_being_social", "well_being_order", "pupils", "teacher_competence")
    assert [of(extract, key).value for key in keys] == [
        Decimal("9.3"),
        Decimal("6.4"),
        Decimal("3.8"),
        Decimal("3.7"),
        Decimal(377),
        Decimal(95),
    ]
    assert of(extract, "socioeconomic_level").level == "På niveau"
    assert of(extract, "socioeconomic_difference").value == Decimal("-0.2")


def test_the_real_files_hold_the_24_folkeskoler_with_their_source() -> None:
    for municipality, schools in (("kalundborg", KALUNDBORG), ("hvidovre", HVIDOVRE)):
        extract = real(municipality, schools)
        assert {m.unit for m in extract.measurements} == schools
        assert extract.problems == ()
        assert {m.source for m in extract.measurements} == {
            "Uddannelsesstatistik.dk (Styrelsen for It og Læring), kuberne GS/OVER/OVERSKO og GS/TRIV/TRIVIND"
        }
    assert len(KALUNDBORG | HVIDOVRE) == 24


def test_what_the_real_files_leave_blank_is_missing_and_never_zero() -> None:
    extract = real("kalundborg", KALUNDBORG)
    missing = Counter(m.indicator for m in extract.measurements if m.missing is MissingReason.UNKNOWN)
    assert missing == {
        "grade_average": 6,
        "socioeconomic_difference": 6,
        "socioeconomic_level": 6,
        "class_size": 1,
    }
    blank_competence = [
        m.unit for m in real("hvidovre", HVIDOVRE).measurements if m.indicator == "teacher_competence" and m.missing
    ]
    assert blank_competence == ["167001", "167006", "167011"]


def test_the_municipalitys_own_figures_come_with_their_own_source() -> None:
    path = DEPLOYMENTS / "kalundborg" / "figures" / "2024-25-land-kommune.csv"
    [figure] = FiguresFile.at(path).read(schools=KALUNDBORG).measurements
    assert (figure.indicator, figure.unit, figure.value) == ("class_size", MUNICIPALITY, Decimal("17.0"))
    assert figure.source == "Danmarks Statistik, Statistikbanken, tabel KVOTIEN (2024), CC BY 4.0"


@pytest.mark.parametrize(
    "content",
    [
        ("\ufeff" + WIDE + "2024/2025;323003;377;9,3\n").encode(),
        (WIDE + "2024/25;323003;377;9,3 %\r\n").encode("cp1252"),
        (WIDE + "2024-25;323003;377;9,3").replace(";", "\t").encode(),
        (WIDE.strip() + ";;\n\n2024/2025; 323003 ;377;9,3;;\n;;;\n").encode(),
        ("# Kilde: et sted\n# Hentet: i går\n" + WIDE + '2024/2025;323003;"377";"9,3"\n').encode(),
    ],
)
def test_what_danish_programs_save_is_read(content: bytes) -> None:
    extract = read(content)
    assert [m.value for m in extract.measurements] == [Decimal(377), Decimal("9.3")]
    assert {m.school_year for m in extract.measurements} == {SchoolYear(2024)}


def test_a_note_above_the_table_names_the_source_and_the_caller_may_overrule_it() -> None:
    noted = b"# Kilde: STIL\n" + (WIDE + "2024/2025;323003;377;9,3\n").encode()
    assert {m.source for m in read(noted).measurements} == {"STIL"}
    overruled = FiguresFile(content=noted, name="skoletal.csv", source="Skolerne selv")
    assert {m.source for m in overruled.read(schools=KALUNDBORG).measurements} == {"Skolerne selv"}
    assert {m.source for m in read(noted[14:]).measurements} == {"filen skoletal.csv"}


def test_excel_is_read_like_csv() -> None:
    sheet: list[list[object]] = [
        ["Skoleår", "Institutionsnummer", "Elevtal", "Samlet elevfravær", "SocRef Signifikant forskel"],
        ["2024/2025", "323003", 1402, 9.3, "På niveau"],
        ["2024/2025", 319002, 396, "", None],
    ]
    extract = read(excel(sheet))
    assert extract.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert [m.value or m.level or m.missing for m in extract.measurements] == [
        Decimal(1402),
        Decimal("9.3"),
        "På niveau",
        Decimal(396),
        MissingReason.UNKNOWN,
        MissingReason.UNKNOWN,
    ]


def test_a_bad_row_is_left_out_whole_and_reported_by_its_number() -> None:
    extract = read(
        (
            WIDE + "2024/2025;323003;377;9,3\n"
            "2024/2025;281286;10;9,9\n"
            "2024/2026;323001;377;9,3\n"
            "2024/2025;323001;377;9 3\n"
            "2024/2025;323001;377;9,3;12\n"
            "2024/2025;323003;377;9,3\n"
        ).encode()
    )
    assert {m.unit for m in extract.measurements} == {RYNKEVANGSKOLEN}
    assert [(p.row, p.column, p.why) for p in extract.problems] == [
        (3, "B", "skolen med institutionsnummer »281286« kendes ikke i kommunen"),
        (4, "A", "»2024/2026« er ikke et skoleår; skriv det som 2026/27."),
        (5, "D", "»9 3« er ikke et tal (som 7,3)"),
        (6, "E", "rækken har 5 felter, men der er 4 kolonner"),
        (7, "C", "323003 har allerede et tal for skoleåret 2024/25 længere oppe"),
    ]


def test_the_long_layout_takes_what_no_source_has() -> None:
    extract = read(
        (
            "skoleår;institutionsnummer;indikator;værdi;kilde;offentliggjort\n"
            "2015/16;kommune;parent_satisfaction;Høj;Forældreundersøgelsen;2016-05-02\n"
            "2015/16;Land;Samlet elevfravær;5,6 %;;\n"
            "2015/16;323003;pupils;..;;\n"
        ).encode()
    )
    satisfaction, country, pupils = extract.measurements
    assert (satisfaction.level, satisfaction.unit, satisfaction.source) == (
        "høj",
        MUNICIPALITY,
        "Forældreundersøgelsen",
    )
    assert str(satisfaction.published_on) == "2016-05-02"
    assert (country.indicator, country.unit, country.value) == ("absence", COUNTRY, Decimal("5.6"))
    assert (country.source, country.published_on) == ("filen skoletal.csv", None)
    assert (pupils.unit, pupils.missing) == (RYNKEVANGSKOLEN, MissingReason.UNKNOWN)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2015/16;kommune;lykke;5", "nøgletallet »lykke« kendes ikke"),
        ("2015/16;kommune;parent_satisfaction;god", "»god« er ikke et niveau for Forældretilfredshed"),
        ("2015/16;999999;absence;5", "»999999« kendes ikke i kommunen"),
    ],
)
def test_a_bad_row_of_the_long_layout_is_reported(row: str, why: str) -> None:
    [problem] = read((LONG + row).encode()).problems
    assert problem.row == 2
    assert why in problem.why


def test_a_bad_date_is_reported() -> None:
    header = LONG.strip() + ";offentliggjort\n"
    [problem] = read((header + "2015/16;kommune;absence;5;2. maj").encode()).problems
    assert problem.why == "»2. maj« er ikke en dato; skriv den som 2025-03-18"


def test_a_missing_level_is_missing() -> None:
    [missing] = read((LONG + "2015/16;kommune;parent_satisfaction;-").encode()).measurements
    assert (missing.level, missing.missing) == (None, MissingReason.UNKNOWN)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "er tom"),
        (b"\n ; ;\n", "er tom"),
        (b"Elevtal,Skole\n1,2\n", "mangler kolonnen Skoleår, Afdelingsnummer"),
        ("Skoleår;Afdelingsnummer;Fravær\n".encode(), "ukendte kolonner: Fravær"),
        ("År;Afdelingsnummer;Elevtal\n".encode(), "mangler kolonnen Skoleår og har ukendte kolonner: År"),
        ("Skoleår;Skole;Elevtal\n".encode(), "mangler kolonnen Afdelingsnummer eller Institutionsnummer"),
        ("Skoleår;Afdelingsnummer\n".encode(), r"mangler kolonnen med et nøgletal \(fx Samlet elevfravær\)"),
        ("Skoleår;Afdelingsnummer;Elevtal;Elevtal\n".encode(), "samme navn: Elevtal"),
        ("Skoleår;;Elevtal\n;x\n".encode(), r"uden navn eller med samme navn: \(uden navn\)"),
        ("skoleår;indikator;tal\n".encode(), "mangler kolonnen institutionsnummer, værdi og har ukendte kolonner: tal"),
        ((WIDE + '2024/2025;"323003;377;9,3\n').encode(), "kan ikke læses i række 2"),
        (b"PK\x03\x04 ikke en projektmappe", "kan ikke læses som Excel"),
    ],
)
def test_a_wrong_file_is_refused_with_one_sentence(content: bytes, told: str) -> None:
    with pytest.raises(WrongFileError, match=told) as wrong:
        read(content)
    assert isinstance(wrong.value, UserError)
    assert wrong.value.exit_code == 2
    assert "skoletal.csv" in wrong.value.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongFileError, match="kan ikke åbnes"):
        FiguresFile.at(tmp_path / "skoletal.csv")


def test_a_file_is_a_source_like_any_other() -> None:
    file = FiguresFile(content=(WIDE + "2024/2025;323003;377;9,3\n2023/2024;323003;380;9,1\n").encode(), name="f.csv")
    extract = file.fetch(request(SchoolYear(2023), "absence"))
    assert [(m.indicator, m.value) for m in extract.measurements] == [("absence", Decimal("9.1"))]
    with pytest.raises(NotPublishedYetError, match=r"Filen f\.csv har ingen tal for skoleåret 2025/26"):
        file.fetch(request(SchoolYear(2025), "absence"))


def read(content: bytes) -> RawExtract:
    return FiguresFile(content=content, name="skoletal.csv").read(schools=KALUNDBORG)


def real(municipality: str, schools: frozenset[str]) -> RawExtract:
    return FiguresFile.at(DEPLOYMENTS / municipality / "figures" / "2024-25.csv").read(schools=schools)


def request(school_year: SchoolYear, *indicators: str) -> ExtractRequest:
    return ExtractRequest(
        municipality="kalundborg",
        municipality_name="Kalundborg",
        school_year=school_year,
        indicators=indicators,
        schools=KALUNDBORG,
    )


def of(extract: RawExtract, indicator: str) -> Measurement:
    found = find_measurement(extract.measurements, indicator, SchoolYear(2024), RYNKEVANGSKOLEN)
    assert found is not None
    return found


def excel(rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()
