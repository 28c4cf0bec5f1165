"""Seeing: what a person with weak sight, a small screen or no mouse meets on a page, asked of a real browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

MOST_STOPS = 400


@dataclass(frozen=True)
class Stop:
    """What has the focus, and whether one sees that it has."""

    what: str
    is_shown: bool


# WCAG 2.1, 1.4.3: 4.5 to 1, and 3 to 1 for large text; the background is that of the nearest ancestor that has one.
FAINT = """() => {
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const over = (front, back) => front.length < 4 || front[3] === 1 ? front.slice(0, 3)
    : [0, 1, 2].map(i => front[i] * front[3] + back[i] * (1 - front[3]));
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour.slice(0, 3);
      if (colour[3] > 0) return over(colour, at.parentElement ? behind(at.parentElement) : [255, 255, 255]);
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("svg, .sr-only, [hidden]")) continue;
    if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const own = [...element.childNodes].filter(node => node.nodeType === 3);
    const text = own.map(node => node.textContent.trim()).join("");
    if (!text || element.matches(":disabled, option, optgroup")) continue;
    const style = getComputedStyle(element), back = behind(element), front = over(parts(style.color), back);
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return found;
}"""
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = element.getBoundingClientRect();
  return {
    what: element.outerHTML.slice(0, 120),
    // Of a frame the focus is on what is inside, which is a page of its own: the mail as it was sent.
    shown: outlined || style.boxShadow !== "none" || element.tagName === "IFRAME",
    seen: element.checkVisibility() && box.width > 0 && box.height > 0,
    place: [...document.querySelectorAll("*")].indexOf(element),
  };
}"""


def broken_rules(page: Page) -> list[tuple[str, list[str]]]:
    """List the rules of axe that a page breaks, with the elements that do."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


def faint_texts(page: Page) -> list[str]:
    """List the texts that stand out too little from what is behind them."""
    found: list[str] = page.evaluate(FAINT)
    return found


def too_wide(page: Page, width: int) -> int:
    """Tell how far a page must be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return max(0, wide - width)


def stops(page: Page) -> dict[int, Stop]:
    """Walk through a page with the tabulator, once around, and tell what was met, by its place.

    A date has several stops inside; it is shown when it is at one of them.
    """
    found: dict[int, Stop] = {}
    page.evaluate("document.activeElement.blur()")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        met = page.evaluate(FOCUSED)
        if met is None or (len(found) > 1 and met["place"] == next(iter(found))):
            break
        earlier = found.get(met["place"])
        found[met["place"]] = Stop(met["what"], (met["shown"] and met["seen"]) or bool(earlier and earlier.is_shown))
    return found
