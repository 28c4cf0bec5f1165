"""Vurdering: judging a municipality's goals, and its schools' own, on what the store knows."""

from kvalitet.adapters.evaluating.judging import evidence_of, goals_of, judge_all
from kvalitet.adapters.evaluating.keeping import keep_verdicts

__all__ = ["evidence_of", "goals_of", "judge_all", "keep_verdicts"]
