"""The five sentences of the report: worked out from the same facts as everything else in it, and never kinder."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.reports.model import Sentence
from kvalitet.board import progress_of
from kvalitet.goals import Per
from kvalitet.measurements import MUNICIPALITY, MissingReason
from kvalitet.status import State
from kvalitet.verdicts import Attainment
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from kvalitet.adapters.reports.gathering import Facts
    from kvalitet.goals import Goal
    from kvalitet.verdicts import Verdict

WHY = {
    MissingReason.NOT_PUBLISHED: "tallene ikke er offentliggjort endnu",
    MissingReason.SUPPRESSED: "der er for få elever bag tallene",
    MissingReason.NOT_APPLICABLE: "tallene ikke er relevante her",
    MissingReason.NOT_REPORTED: "tallene ikke er indberettet",
    MissingReason.SERIES_BROKEN: "der er databrud, så årene ikke kan sammenlignes",
    MissingReason.UNKNOWN: "vi ikke har de tal, der skal til",
}
# For some of the schools, and for all of them.
WHERE = {
    Attainment.UNKNOWN: (
        "kan ikke vurderes for {count} af {all} skoler",
        "kan ikke vurderes for nogen af de {all} skoler",
    ),
    Attainment.UNCERTAIN: (
        "er for usikkert til at vurdere på {count} af {all} skoler, fordi de har få elever",
        "er for usikkert til at vurdere på alle {all} skoler, fordi de har få elever",
    ),
    Attainment.UNDER_WAY: ("er stadig i gang på {count} af {all} skoler", "er stadig i gang på alle {all} skoler"),
}
MOST_NAMES, MOST_STEPS = 6, 3
WELL = frozenset({Attainment.REACHED, Attainment.ON_COURSE})
BADLY = frozenset({Attainment.NOT_REACHED, Attainment.OFF_COURSE})


def sentences_of(facts: Facts) -> tuple[Sentence, ...]:
    """Sum the year up."""
    return (
        Sentence("Det er gået godt", _well(facts)),
        Sentence("Det er ikke gået godt nok", _badly(facts)),
        Sentence("Det kan vi ikke sige noget om", _unknown(facts)),
        Sentence("Det har skolerne afleveret", _delivered(facts)),
        Sentence("Det sker der nu", _coming(facts)),
    )


def shortened(schools: Sequence[str]) -> str:
    """Name some schools, and say how many more there are; "" when there are none."""
    named = list(schools[:MOST_NAMES])
    if rest := len(schools) - len(named):
        named.append(danish.count_text(rest, "skole mere", "skoler mere"))
    return danish.list_text(named)


def _well(facts: Facts) -> str:
    parts = [
        _about(_whole(facts, Attainment.REACHED), "er nået"),
        _about(_whole(facts, Attainment.ON_COURSE), "er på rette vej"),
        *(_share(facts, goal, WELL, "har nået målet") for goal in _of_schools(facts) if _is_for_most(facts, goal)),
    ]
    if said := _joined(parts):
        return said
    few = _joined(_share(facts, goal, WELL, "har nået målet") for goal in _of_schools(facts))
    if few:
        return f"Intet mål er nået af flertallet af skolerne endnu. {few}"
    return _nothing_judged(facts) or "Ingen af de mål, der kan vurderes, er nået eller på rette vej."


def _badly(facts: Facts) -> str:
    parts = [
        *(f"»{goal.title}« er ikke nået: {verdict.reason}." for goal, verdict in _whole(facts, Attainment.NOT_REACHED)),
        *(
            f"»{goal.title}« er ikke på rette vej: {verdict.reason}."
            for goal, verdict in _whole(facts, Attainment.OFF_COURSE)
        ),
        *(_share(facts, goal, BADLY, "har ikke nået målet") for goal in _of_schools(facts)),
    ]
    if said := _joined(parts):
        return said
    return _nothing_judged(facts) or "Ingen af de mål, der kan vurderes, er bagud."


def _unknown(facts: Facts) -> str:
    of_schools = _of_schools(facts)
    parts = [
        *(f"{_titles(titles)} kan ikke vurderes, fordi {WHY[reason]}." for reason, titles in _reasons(facts).items()),
        *(_where(facts, goal, attainment) for attainment in WHERE for goal in of_schools),
    ]
    hidden = sum(facts.hides(goal) for goal in facts.municipality.goals)
    if hidden:
        goals = danish.count_text(hidden, "mål", "mål", one="et").capitalize()
        parts.append(f"{goals} måles på prøveresultater, som er fortrolige, og er ikke med i denne udgave.")
    if said := _joined(parts):
        return said
    return "Alle mål kan vurderes." if facts.municipality.goals else "Kommunen har ingen mål i sine filer."


def _reasons(facts: Facts) -> dict[MissingReason, list[str]]:
    """List the goals that cannot be judged by why."""
    found: dict[MissingReason, list[str]] = defaultdict(list)
    for goal, verdict in _whole(facts, Attainment.UNKNOWN):
        found[verdict.missing or MissingReason.UNKNOWN].append(goal.title)
    return found


def _delivered(facts: Facts) -> str:
    rows = [row for row in facts.board.rows if row.occurrence.kind is Kind.DELIVERABLE and row.occurrence.school]
    counted = progress_of(rows)
    year = facts.school_year.label
    if not counted.expected:
        return f"Skolerne skal ikke aflevere noget i skoleåret {year}."
    said = (
        f"Skolerne har afleveret {danish.number_text(counted.done)} af de {danish.number_text(counted.expected)} ting, "
        f"som årshjulet beder dem om i skoleåret {year}."
    )
    if not counted.overdue:
        return f"{said} Intet er over fristen."
    late = Counter(row.occurrence.school for row in rows if row.state is State.OVERDUE)
    names = {number: facts.municipality.school(number or "").name for number in late}
    ordered = sorted(late, key=lambda number: (-late[number], danish.sort_key(names[number])))
    named = shortened([f"{names[number]} ({late[number]})" for number in ordered])
    things = danish.count_text(counted.overdue, "ting er", "ting er").capitalize()
    return f"{said} {things} over fristen: {named}."


def _coming(facts: Facts) -> str:
    rows = [row for row in facts.board.rows if not row.state.is_done and row.occurrence.due >= facts.today]
    steps = _steps((row.occurrence.title, row.occurrence.due) for row in rows)
    if not steps:
        return _next_year(facts)
    efforts = [effort.title for effort in facts.municipality.efforts if effort.is_on(facts.school_year.label)]
    said = f"De næste skridt i årshjulet er {danish.list_text(steps)}."
    if efforts:
        which = "Indsatsen" if len(efforts) == 1 else "Indsatserne"
        said += f" {which} {_titles(efforts)} fortsætter."
    return said


def _next_year(facts: Facts) -> str:
    """Tell what the wheel of the school year after asks for, when this one has come round."""
    wheel, following = facts.municipality.wheel, facts.school_year.plus(1)
    ahead = ((activity.title, activity.window(following)[1]) for activity in wheel.of(following))
    steps = _steps((title, due) for title, due in ahead if due >= facts.today)
    said = f"Årshjulet for {facts.school_year.label} er kørt rundt."
    return f"{said} I hjulet for {following.label} er det næste {danish.list_text(steps)}." if steps else said


def _steps(ahead: Iterable[tuple[str, date]]) -> list[str]:
    """Name what is nearest, each once, with its last day."""
    found: dict[str, str] = {}
    for title, due in sorted(ahead, key=lambda one: one[1]):
        found.setdefault(title, f"»{title}« (senest {danish.date_text(due)})")
    return list(found.values())[:MOST_STEPS]


def _whole(facts: Facts, attainment: Attainment) -> list[tuple[Goal, Verdict]]:
    """List the goals of the municipality as a whole that stand so."""
    judged = ((goal, facts.verdict.get((goal.key, MUNICIPALITY))) for goal in facts.municipality.goals)
    return [(goal, verdict) for goal, verdict in judged if verdict is not None and verdict.attainment is attainment]


def _of_schools(facts: Facts) -> list[Goal]:
    return [goal for goal in facts.municipality.goals if goal.per is Per.SCHOOL and not facts.hides(goal)]


def _share(facts: Facts, goal: Goal, wanted: Iterable[Attainment], what: str) -> str:
    """Say how many of the schools stand so with a goal; "" when none do."""
    found = [verdict for verdict in facts.verdicts if verdict.goal == goal.key and verdict.unit != MUNICIPALITY]
    count = sum(verdict.attainment in set(wanted) for verdict in found)
    if not count:
        return ""
    schools = danish.number_text(len(found))
    who = f"Alle {schools} skoler" if count == len(found) else f"{danish.number_text(count)} af {schools} skoler"
    return f"{who} {what} »{goal.title}«."


def _is_for_most(facts: Facts, goal: Goal) -> bool:
    """Tell whether at least half of the schools are well on with a goal: fewer are no news to be glad of."""
    found = [verdict for verdict in facts.verdicts if verdict.goal == goal.key and verdict.unit != MUNICIPALITY]
    return 2 * sum(verdict.attainment in WELL for verdict in found) >= len(found)


def _where(facts: Facts, goal: Goal, wanted: Attainment) -> str:
    """Say for how many of the schools a goal stands so; "" when it does for none."""
    found = [verdict for verdict in facts.verdicts if verdict.goal == goal.key and verdict.unit != MUNICIPALITY]
    count = sum(verdict.attainment is wanted for verdict in found)
    if not count:
        return ""
    some, every = WHERE[wanted]
    text = every if count == len(found) else some
    return f"»{goal.title}« {text.format(count=danish.number_text(count), all=danish.number_text(len(found)))}."


def _about(goals: Sequence[tuple[Goal, Verdict]], what: str) -> str:
    titles = [goal.title for goal, _ in goals]
    return f"{'Målet' if len(titles) == 1 else 'Målene'} {_titles(titles)} {what}." if titles else ""


def _titles(titles: Iterable[str]) -> str:
    return danish.list_text(f"»{title}«" for title in titles)


def _nothing_judged(facts: Facts) -> str:
    common = {goal.key for goal in facts.municipality.goals}
    is_judged = any(verdict.attainment in WELL | BADLY for verdict in facts.verdicts if verdict.goal in common)
    return "" if is_judged else "Det kan ikke siges endnu, for ingen af målene kan vurderes."


def _joined(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)
