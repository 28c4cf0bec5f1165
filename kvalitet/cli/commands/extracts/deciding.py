"""`kvalitet extract release` and `reject`: what a person decides about figures that were held back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kvalitet.adapters import clock
from kvalitet.adapters.extracting.deciding import Answer, decide
from kvalitet.adapters.store.extracts.reviews import Ruling
from kvalitet.cli import options, output
from kvalitet.cli.commands.extracts.showing import Number, municipality_of
from kvalitet.cli.danish_help import Command
from kvalitet.cli.opening import opened

Reason = Annotated[str, typer.Option("--reason", metavar="TEKST", help="Hvorfor; gemmes sammen med tallene.")]
By = Annotated[str, typer.Option("--by", metavar="NAVN", help="Hvem der har set på tallene.")]
DONE = {
    Ruling.RELEASED: "Tallene fra hentning nr. {} vises nu.",
    Ruling.REJECTED: "Tallene fra hentning nr. {} er afvist og bliver ikke vist.",
}


def register(app: typer.Typer) -> None:
    """Add the commands to `kvalitet extract`."""
    app.command(cls=Command)(release)
    app.command(cls=Command)(reject)


def release(
    number: Number,
    reason: Reason,
    by: By,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Vis de tal, som en hentning har holdt tilbage."""
    _decide(number, Answer(Ruling.RELEASED, reason, by), home, files, as_json=as_json)


def reject(
    number: Number,
    reason: Reason,
    by: By,
    home: options.Home = None,
    files: options.Files = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Afvis de tal, som en hentning har holdt tilbage."""
    _decide(number, Answer(Ruling.REJECTED, reason, by), home, files, as_json=as_json)


def _decide(number: int, answer: Answer, home: Path | None, files: Path | None, *, as_json: bool) -> None:
    with opened(home, files) as installation:
        decision = decide(installation, municipality_of(installation, number), number, answer, now=clock.now())
    if as_json:
        values = {"id": number, "decision": decision.decision.value, "reason": decision.reason}
        output.say_json(values | {"decided_by": decision.decided_by, "decided_at": decision.decided_at.isoformat()})
    else:
        output.say(DONE[decision.decision].format(number))
