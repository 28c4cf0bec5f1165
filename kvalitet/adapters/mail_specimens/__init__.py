"""Specimens: one mail of every kind about a municipality's own wheel, for `kvalitet check` and the pictures."""

from kvalitet.adapters.mail_specimens.making import Specimen, specimens
from kvalitet.adapters.mail_specimens.trying import unusable

__all__ = ["Specimen", "specimens", "unusable"]
