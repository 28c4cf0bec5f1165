"""Telling: how a pull went, in Danish sentences without any figure: they stand in logs that many people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.danish import count_text, list_text
from kvalitet.adapters.extracting.reviewing import title_of
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import danish_decimal
from kvalitet.pulls import PullOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kvalitet.adapters.extracting.keeping import Kept
    from kvalitet.adapters.sources.source import RawExtract
    from kvalitet.measurements import Measurement
    from kvalitet.pulls import Finding


def sentence(kept: Kept, extract: RawExtract, findings: Sequence[Finding]) -> str:
    """Tell how it went, what is still waited for, what was revised or left out, and what the source warns of."""
    left_out = len([found for found in findings if found.row is not None])
    parts = [_outcome(kept, extract, findings)]
    if kept.change.revised and kept.outcome is PullOutcome.PUBLISHED:
        parts.append(f"{len(kept.change.revised)} tal er rettet bagud.")
    if extract.unpublished:
        parts.append(f"Ikke offentliggjort endnu: {list_text(map(title_of, extract.unpublished))}.")
    if left_out:
        parts.append(f"{count_text(left_out, 'række', 'rækker').capitalize()} kunne ikke læses og er udeladt.")
    if extract.left_out:
        rows = count_text(len(extract.left_out), "række", "rækker").capitalize()
        parts.append(f"{rows} med summer, afdelinger eller andre kommuners skoler er ikke med.")
    return " ".join([*parts, *extract.warnings])


def _outcome(kept: Kept, extract: RawExtract, findings: Sequence[Finding]) -> str:
    rows = kept.snapshot.rows
    if kept.outcome is PullOutcome.PUBLISHED:
        year = kept.snapshot.school_year
        return f"{rows} tal{f' for {year.label}' if year else ''} fra {extract.label} vises nu."
    if kept.outcome is PullOutcome.QUARANTINED:
        reasons = len([found for found in findings if found.holds])
        why = f"; der er {count_text(reasons, 'grund', 'grunde')} til det" if reasons else ""
        return f"{rows} tal er holdt tilbage, til en person har set på dem{why}. De seneste gode tal vises fortsat."
    if kept.is_rejected:
        return "Kilden giver stadig de tal, der er afvist. De seneste gode tal vises fortsat."
    return "Kilden giver de samme tal som sidst."


def written(found: Measurement) -> str:
    """Write a figure as Danes do, or why there is none."""
    catalogue = load_catalogue()
    if found.missing:
        return found.missing.danish
    if found.value is None:
        return found.level or ""
    known = found.indicator in catalogue
    return catalogue[found.indicator].written(found.value) if known else danish_decimal(found.value)
