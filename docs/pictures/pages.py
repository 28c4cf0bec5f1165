"""Pictures of every page, each as somebody who comes there sees it, and the documentation that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TALLEST = 1500
LEADER, SCHOOL = "school_leader:323003", "/kalundborg/skole/323003"
OCCURRENCE = "/kalundborg/forekomst/kalundborg.2026-27."
HEAD = """# Siderne i billeder

Sådan ser siderne ud i demonstrationen af Kalundborg den 19. november 2026. `make pictures` tager billederne og skriver
denne side igen. Lange sider er skåret af forneden.
"""


@dataclass(frozen=True)
class Shown:
    """A page, whom it is shown to, and what it is for; `link` leads on from the path to it."""

    name: str
    title: str
    role: str
    path: str
    text: str
    on_phone: bool = False
    link: str = ""


SHOWN = (
    Shown("login", "Log ind", "", "/log-ind/kalundborg", "Alle logger ind; i demonstrationen vælger man, hvem man er."),
    Shown("board", "Årshjulet", "administration", "/kalundborg/", "Hvem mangler noget, og hvad sker der i år?"),
    Shown("timeline", "Tidslinjen", "administration", "/kalundborg/tidslinje", "Det samme år som en lige linje."),
    Shown("list", "Listen", "administration", "/kalundborg/liste", "Det samme år som en liste, også til telefonen."),
    Shown("matrix", "Skoler", "administration", "/kalundborg/skoler", "Alle skoler og afleveringer; ét klik rykker."),
    Shown("cell", "Et felt i matrixen", "administration", "/kalundborg/skole/319001/aflevering/open_school",
          "Påmind, notér et opkald, udsæt eller fritag, uden at forlade matrixen."),
    Shown("activity", "En aktivitet", "administration", "/kalundborg/aktivitet/open_school", "Hvem har afleveret?"),
    Shown("remind", "Påmind nu", "administration", "/kalundborg/aktivitet/open_school/paamind", "Mailen før den går."),
    Shown("school", "Skolens side", LEADER, SCHOOL, "Her lander skolelederen: det skal I gøre nu."),
    Shown("school-phone", "Skolens side på telefonen", LEADER, SCHOOL, "Den samme side i lommen.", on_phone=True),
    Shown("deliver", "Aflevér", LEADER, f"{OCCURRENCE}business_agreements.323003/aflever", "Det, der spørges om."),
    Shown("deliver-phone", "Aflevér på telefonen", LEADER, f"{OCCURRENCE}transitions.323003/aflever",
          "Kladden gemmes, mens man skriver.", on_phone=True),
    Shown("receipt", "Kvittering", LEADER, f"{OCCURRENCE}action_plan.323003/kvittering/1", "Sort på hvidt."),
    Shown("delivered", "En aflevering", "director", f"{OCCURRENCE}action_plan.323003", "Godkend, eller send retur."),
    Shown("meeting", "Et møde", "administration", f"{OCCURRENCE}winter_group_meeting.kalundborg_town",
          "Indkald, flyt og aflys; først ser man, hvem der får besked."),
    Shown("sheet", "Samtaleark", "director", f"{OCCURRENCE}leadership_dialogue.323003/samtaleark",
          "Det, skolens leder og direktøren taler om, på én side."),
    Shown("goals", "Mål", "administration", "/kalundborg/maal",
          "Kommunens mål med en sætning hver, og alle skoler ved siden af alle mål."),
    Shown("goals-phone", "Mål på telefonen", LEADER, "/kalundborg/maal", "En skoleleder ser sin egen skole.",
          on_phone=True),
    Shown("verdict", "En vurdering", LEADER, "/kalundborg/maal/partnership_agreements/323003",
          "Hvad vurderingen bygger på."),
    Shown("indicators", "Nøgletal", LEADER, "/kalundborg/noegletal", "De nyeste tal, og hvorfor andre mangler."),
    Shown("indicator", "Et nøgletal", "administration", "/kalundborg/noegletal/absence?skole=323003",
          "Årene, skolerne, og hvad tallet er."),
    Shown("indicator-phone", "Et nøgletal på telefonen", "administration",
          "/kalundborg/noegletal/well_being_social?skole=323003", "Tegningen passer til skærmen.", on_phone=True),
    Shown("origin", "Et tals herkomst", "administration", "/kalundborg/tal/absence/2024-25/323003",
          "Kilde, øjebliksbillede, og hvad kilden har sagt tidligere."),
    Shown("extracts", "Udtræk", "administration", "/kalundborg/udtraek",
          "Hvilke tal er hentet, hvilke ventes der på, og hvornår prøves der igen?"),
    Shown("pull", "En hentning", "administration", "/kalundborg/udtraek",
          "Hvad der blev spurgt om, hvad der kom, og hvad det ændrer.", link="Hentning nr."),
    Shown("enter-figure", "Indtast et tal", "administration",
          "/kalundborg/tal/indtast", "Til det, som ingen kilde har."),
    Shown("report", "Rapport", "administration", "/kalundborg/rapport?trin=draft",
          "Årets rapport: hvad er skrevet, og hvad venter det næste trin på?"),
    Shown("report-preview", "Rapporten", "administration", "/kalundborg/rapport/forhaandsvisning",
          "Sådan ser den offentlige udgave ud i dag."),
    Shown("preview", "Forhåndsvisning", "administration", "/kalundborg/forhaandsvisning?dato=2026-11-23",
          "De mails, der går ud en bestemt dag, og hvorfor andre ingen får."),
    Shown("mail", "En mail", "administration", "/kalundborg/udbakke", "Som den blev sendt, og hvad der skete med den.",
          link="Årshjulet 2026/27"),
    Shown("outbox", "Udbakken", "administration", "/kalundborg/udbakke", "Hver mail med sin tilstand."),
    Shown("inbox", "Indbakken", "administration", "/kalundborg/indbakke", "Det, der kommer tilbage."),
    Shown("feeds", "Kalendere", LEADER, "/kalundborg/kalendere", "Egne møder og frister i egen kalender."),
    Shown("log", "Loggen", "administration", "/kalundborg/log", "Hvad skete der, hvornår og ved hvem?"),
    Shown("audit", "Revisionssporet", "administration", "/kalundborg/revisionsspor", "Hvem gjorde hvad på siderne?"),
    Shown("access", "Adgang", "administration", "/kalundborg/adgang", "Hvem er lukket ind, og som hvad?"),
    Shown("accessibility", "Tilgængelighedserklæring", "", "/tilgaengelighed", "For alle."),
    Shown("privacy", "Privatliv", "", "/privatliv", "For alle."),
)  # fmt: skip


def page_pictures(chromium: Browser, address: str) -> Iterator[tuple[str, bytes]]:
    """Take the picture of every page."""
    for shown in SHOWN:
        size = PHONE if shown.on_phone else DESK
        context = chromium.new_context(viewport=size, locale="da-DK")
        page = context.new_page()
        if shown.role:
            enter(page, address, shown.role)
        answer = page.goto(address + shown.path)
        assert answer, shown.path
        assert answer.ok, f"{shown.path}: {answer.status}"
        if shown.link:
            page.get_by_role("link", name=shown.link).first.click()
            page.wait_for_load_state()
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height}
        yield f"{shown.name}.png", page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
        context.close()


def enter(page: Page, address: str, role: str) -> None:
    """Be somebody in the demonstration."""
    page.goto(f"{address}/log-ind/kalundborg")
    page.get_by_label("Hvem vil du være?").select_option(role)
    page.get_by_role("button", name="Prøv").click()
    page.get_by_role("button", name="Log ud").wait_for()


def write_documentation(folder: Path) -> None:
    """Write the page that shows them all."""
    parts = [f"## {shown.title}\n\n{shown.text}\n\n![{shown.title}](pictures/{shown.name}.png)\n" for shown in SHOWN]
    (folder / "sider.md").write_text("\n".join([HEAD, *parts]), encoding="utf-8")
