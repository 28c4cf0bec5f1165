"""Vurdering: judging a municipality's goals, and its schools' own, on what the store knows."""

from kvalitet.adapters.evaluating.judging import evidence_of, goals_of, judge_all

__all__ = ["evidence_of", "goals_of", "judge_all"]
