"""Reports: the yearly quality report, made of the same facts as the board."""

from kvalitet.adapters.reports.writing import write

__all__ = ["write"]
