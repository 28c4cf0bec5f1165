"""The options that many commands share, with one wording each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="MAPPE", help="Installationens mappe (eller KVALITET_HOME).", show_default=False),
]
Files = Annotated[
    Path | None,
    typer.Option(
        "--files", metavar="MAPPE", help="Mappen med kommunernes filer; ellers installationens.", show_default=False
    ),
]
Chosen = Annotated[
    str | None,
    typer.Option("--municipality", "-m", metavar="KOMMUNE", help="Kommunens nøgle; kan udelades, hvor der kun er én."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Skriv JSON med faste nøgler.", show_default=False)]
Day = Annotated[
    str | None,
    typer.Option("--date", metavar="DATO", help="Dagen, der ses fra, fx 2026-11-02; ellers i dag."),
]
Year = Annotated[str, typer.Argument(metavar="ÅR", help="Skoleåret: 2026, 2026/27 eller 2026-27.")]
Key = Annotated[str, typer.Argument(metavar="FOREKOMST", help="Nøglen, som »kvalitet occurrences« viser.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Spørg ikke først.", show_default=False)]
AtMost = Annotated[
    int, typer.Option("--limit", metavar="ANTAL", min=1, help="Højst så mange; de nyeste først.", show_default=False)
]
DecidedBy = Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der har læst den.")]
