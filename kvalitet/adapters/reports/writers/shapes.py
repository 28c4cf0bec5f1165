"""Shapes: a sign for each attainment that tells it without any colour; the words always stand beside it."""

from __future__ import annotations

from kvalitet.verdicts import Attainment

GREEN, RED, BROWN, BLUE, GREY = "#14573a", "#8d1a14", "#7a3a00", "#174a86", "#56616f"
_LINE = 'fill="none" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
# Drawn in a box of 16 by 16.
SHAPES = {
    Attainment.REACHED: f'<circle cx="8" cy="8" r="7" fill="{GREEN}"/>'
    f'<path d="M4.6 8.3 7 10.7 11.5 5.6" stroke="#fff" {_LINE}/>',
    Attainment.NOT_REACHED: f'<path d="M8 1.2 15.4 14.4H.6z" fill="{RED}"/>'
    f'<path d="M8 5.6v4M8 12v.2" stroke="#fff" {_LINE}/>',
    Attainment.ON_COURSE: f'<circle cx="8" cy="8" r="6.6" stroke="{GREEN}" {_LINE}/>'
    f'<path d="M5.4 10.6 10.6 5.4M6.6 5.4h4v4" stroke="{GREEN}" {_LINE}/>',
    Attainment.OFF_COURSE: f'<path d="M8 1.8 14.8 14H1.2z" stroke="{BROWN}" {_LINE}/>'
    f'<path d="M8 6v3.6M8 11.7v.2" stroke="{BROWN}" {_LINE}/>',
    Attainment.UNDER_WAY: f'<circle cx="8" cy="8" r="6.4" stroke="{BLUE}" {_LINE}/>'
    f'<path d="M8 1.6a6.4 6.4 0 0 1 0 12.8z" fill="{BLUE}"/>',
    Attainment.UNCERTAIN: f'<circle cx="8" cy="8" r="6.4" stroke="{GREY}" {_LINE}/>'
    f'<path d="M4.6 8.8c1.1-1.6 2.2-1.6 3.4-.4s2.3 1.2 3.4-.4" stroke="{GREY}" {_LINE}/>',
    Attainment.UNKNOWN: f'<circle cx="8" cy="8" r="6.4" stroke="{GREY}" stroke-dasharray="2.2 2.8" {_LINE}/>',
}


def svg_of(attainment: Attainment) -> str:
    """Give the shape as a drawing of its own."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{SHAPES[attainment]}</svg>'
