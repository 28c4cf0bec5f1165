"""Figures of the two municipalities that have been published, each with where and when; none is invented.

Not found, and so not here: the country's absence in 2018/19, Kalundborg's own total absence in 2019/20 and later,
the grades in Danish and mathematics of each of Hvidovre's schools, and Hvidovre's inclusion and parent satisfaction.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement

# https://www.uvm.dk/aktuelt/nyheder/uvm/2018/nov/181107-flere-elever-har-meget-fravaer-i-folkeskolen
MINISTRY = "Undervisningsministeriet, uvm.dk"
# https://sn.dk/Kalundborg/Lavere-fravaer-men-ogsaa-lavere-karakterer/artikel/903783: the newest quality report
# (school year 2018/19) beside the year before.
REPORT = "Kalundborg Kommunes kvalitetsrapport, gengivet af sn.dk"
# https://tv-kalundborg.dk/Paa-rette-vej: the quality report of 2019/20.
REPORT_OF_2020 = "Kalundborg Kommunes kvalitetsrapport, gengivet af tv-kalundborg.dk"
STIL = "Uddannelsesstatistik.dk, GS/OVER/OVERSKO"


def _figure(indicator: str, year: int, value: str, source: str, told: date | None, unit: str) -> Measurement:
    return Measurement(
        indicator=indicator,
        school_year=SchoolYear(year),
        unit=unit,
        source=source,
        value=Decimal(value),
        published_on=told,
    )


KALUNDBORG = (
    _figure("absence", 2017, "5.9", MINISTRY, date(2018, 11, 7), COUNTRY),
    _figure("absence", 2017, "7.1", REPORT, date(2020, 1, 14), MUNICIPALITY),
    _figure("absence", 2018, "6.7", REPORT, date(2020, 1, 14), MUNICIPALITY),
    # https://www.uvm.dk/statistik/grundskolen/elever/elevfravaer as it was on 5 September 2022.
    _figure("absence", 2019, "5.2", MINISTRY, None, COUNTRY),
    _figure("at_least_02_share", 2017, "79.5", REPORT, date(2020, 1, 14), MUNICIPALITY),
    _figure("at_least_02_share", 2018, "75", REPORT, date(2020, 1, 14), MUNICIPALITY),
    _figure("at_least_02_share", 2019, "85.7", REPORT_OF_2020, date(2021, 4, 29), MUNICIPALITY),
    _figure("grade_average_danish_maths", 2017, "5.5", REPORT, date(2020, 1, 14), MUNICIPALITY),
    _figure("grade_average_danish_maths", 2018, "5.3", REPORT, date(2020, 1, 14), MUNICIPALITY),
)
# All bound exams of grade 9, which is not Danish and mathematics alone.
HVIDOVRE = tuple(
    _figure("grade_average", 2024, grade, STIL, None, number)
    for number, grade in {
        "167001": "7.6",
        "167002": "7.4",
        "167003": "7",
        "167004": "7.7",
        "167005": "7.6",
        "167006": "8",
        "167008": "7.6",
        "167009": "7.3",
        "167011": "7.8",
    }.items()
)
