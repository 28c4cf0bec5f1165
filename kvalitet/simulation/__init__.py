"""Simulation: a wheel played in seconds, through the very code that runs in production."""

from kvalitet.simulation.demonstration import play_demonstration
from kvalitet.simulation.year import play_year

__all__ = ["play_demonstration", "play_year"]
