"""Municipality files: a folder of YAML files becomes a Municipality, or a list of problems."""

from kvalitet.adapters.municipality_files.documents import Problem
from kvalitet.adapters.municipality_files.loading import check, load, load_all

__all__ = ["Problem", "check", "load", "load_all"]
