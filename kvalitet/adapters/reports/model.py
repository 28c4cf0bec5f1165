"""The model of a quality report: all that it says, and nothing of how it looks; its writers only set it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kvalitet.quality_reports import Section
from kvalitet.verdicts import Attainment


@dataclass(frozen=True, slots=True)
class Cover:
    """Forside: what the report is, for whom, and as of when; `number` is 0 while it is only a preview."""

    title: str
    municipality: str
    school_year: str
    edition: str
    version: str
    number: int
    audience: str
    introduction: str
    seen_on: str
    note: str = ""

    @property
    def standing(self) -> str:
        """Which version it is, in words that no reader can mistake."""
        return f"{self.version.capitalize()}, nr. {self.number}" if self.number else "Forhåndsvisning, ikke gemt"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Sætning: one of the five that sum the year up, under its heading."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Tal: a figure as it is read (`written`), or why it is missing; `value` is the number itself, where it is one."""

    written: str
    value: Decimal | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Vurderet: how far one unit is with one goal; `sentence` is the whole of it, as on the pages.

    `text` is the outcome in a word or two, `story` the rest of the sentence, for where title and outcome stand beside.
    """

    goal: str
    name: str
    unit: str
    attainment: Attainment
    text: str
    written: str
    story: str
    sentence: str
    school_year: str
    confidential: bool = False
    value: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Felt: where goals and schools meet; without an attainment it shows the figure alone, or nothing."""

    attainment: Attainment | None
    text: str
    written: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Række i skemaet: one school, or the municipality as a whole, with a cell for each goal."""

    name: str
    is_whole: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sammenligning: one indicator in one school year, for a unit beside the municipality and the country."""

    indicator: str
    area: str
    school_year: str
    own: Figure
    municipality: Figure
    country: Figure


@dataclass(frozen=True, slots=True)
class FigureLine:
    """Talrække: one figure of one indicator, for one unit in one school year, with where it comes from."""

    indicator: str
    area: str
    school_year: str
    name: str
    unit: str
    figure: Figure
    source: str
    published: str


@dataclass(frozen=True, slots=True)
class YearLine:
    """Udvikling: the municipality's and the country's figure of one school year; `note` tells of a series break."""

    school_year: str
    municipality: Figure
    country: Figure
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Diagram: a drawing, its heading, what it says in words for those who do not see it, and its figures in order."""

    title: str
    svg: str
    alt: str
    listed: str


@dataclass(frozen=True, slots=True)
class EffortLine:
    """Indsats: what the municipality does for a goal, from when, and where."""

    title: str
    when: str
    where: str
    description: str


@dataclass(frozen=True, slots=True)
class GoalPart:
    """Mål i rapporten: the goal with all that is known of it."""

    number: int
    title: str
    focus_area: str
    confidential: bool
    whole: Judged | None
    counted: str
    schools: tuple[Judged, ...]
    indicator: str
    years: tuple[YearLine, ...]
    chart: Chart | None
    efforts: tuple[EffortLine, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Skrevet: what a school has written in one field, line by line."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """Aflevering i rapporten: what is expected, when, and how it stands."""

    title: str
    due: str
    state: str
    is_done: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """Gennemført: how much of one point of the wheel is done, and who is late with it."""

    title: str
    period: str
    done: int
    expected: int
    late: str


@dataclass(frozen=True, slots=True)
class SchoolPart:
    """Skole i rapporten: one page about one school."""

    number: str
    name: str
    group: str
    comparisons: tuple[Comparison, ...]
    judged: tuple[Judged, ...]
    own: tuple[Judged, ...]
    written: tuple[Written, ...]
    efforts: tuple[str, ...]
    delivered: str
    outstanding: tuple[DeliveryLine, ...]
    deliveries: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Udtalelse: what a school's board says; `standing` tells why there is none."""

    school: str
    lines: tuple[str, ...]
    standing: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Kilde: where figures come from, what they are about, and when they were published and pulled."""

    source: str
    about: str
    school_years: str
    published: str
    pulled: str


@dataclass(frozen=True, slots=True)
class Definition:
    """Definition: what an indicator is, in a sentence, and where that is said."""

    indicator: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Hul: figures of one school year that are missing, for whom, and why."""

    indicators: str
    school_year: str
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """Tidligere version: what was written before this one, when, by whom, and its fingerprint."""

    title: str
    written: str
    by: str
    digest: str


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Kvalitetsrapport: everything that one edition of one version says."""

    cover: Cover
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    goal_titles: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    counts: tuple[DeliveryCount, ...]
    goals: tuple[GoalPart, ...]
    schools: tuple[SchoolPart, ...]
    figures: tuple[FigureLine, ...]
    own_goals: str = ""
    statements: tuple[Statement, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    definitions: tuple[Definition, ...] = ()
    gaps: tuple[Gap, ...] = ()
    withheld: tuple[str, ...] = ()
    versions: tuple[VersionLine, ...] = ()

    def has(self, section: Section) -> bool:
        """Tell whether the municipality wants a section."""
        return section in self.sections
