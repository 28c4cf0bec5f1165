"""The root of the command line; a command's module is imported only when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from kvalitet.cli.danish_help import Group
from kvalitet.cli.failing import fail

# Command -> its module and the first sentence of its help (a test compares them).
COMMANDS = {
    "up": ("running", "Start det hele: statusoverblik, planlægger og mails."),
    "check": ("checking", "Kontrollér indstillinger, kommunernes filer og mailskabelonerne."),
    "plan": ("planning", "Vis, hvad planen for et skoleår ville ændre."),
    "occurrences": ("planning", "Vis skoleårets forekomster med frister og datoer."),
    "status": ("following", "Vis, hvem der mangler at aflevere."),
    "book": ("booking", "Indkald til et møde."),
    "move": ("booking", "Flyt et møde, og giv deltagerne besked."),
    "cancel": ("booking", "Aflys et møde, og giv deltagerne besked."),
    "deliver": ("delivering", "Aflevér på en skoles vegne."),
    "waive": ("delivering", "Fritag en skole for en aflevering."),
    "extend": ("delivering", "Udsæt en skoles frist for en aflevering."),
    "approve": ("delivering", "Godkend den nyeste udgave af en aflevering."),
    "send-back": ("delivering", "Send den nyeste udgave af en aflevering retur med en kommentar."),
    "pause": ("reminding", "Sæt en skole på pause, så den ikke får påmindelser."),
    "remind": ("reminding", "Påmind nu dem, der mangler at aflevere."),
    "mail": ("mailing", "Se og send mails."),
    "feed": ("feeds", "Lav og tilbagekald kalendere, som man kan abonnere på."),
    "login": ("access.login", "Skriv et link, der logger ind én gang."),
    "sessions": ("access.sessions", "Log folk ud."),
    "access": ("access.holding", "Vis, hvad der er gemt om en person."),
    "extract": ("extracts.pulling", "Hent og indlæs tal."),
    "schools": ("schools.registering", "Hold skolerne op mod Institutionsregisteret."),
    "goals": ("evaluating", "Vurdér målene på de tal og afleveringer, der er."),
    "report": ("reports.writing", "Skriv årets rapport: kladde, udkast eller den endelige."),
    "simulate": ("running", "Afspil et skoleår med et ur for sig."),
    "db": ("database", "Opgradér databasen, tag sikkerhedskopi, og læg den tilbage."),
    "deploy": ("running", "Registrér flowene hos Prefect."),
}
GROUPS = frozenset({"mail", "feed", "sessions", "access", "extract", "schools", "db"})


class Root(Group):
    """Roden: knows the commands by name, and turns every error into one sentence and an exit code."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """List the commands in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def summaries(self, _ctx: Any) -> list[tuple[str, str]]:
        """Give the help's first sentences without importing any command."""
        return [(name, text) for name, (_, text) in COMMANDS.items()]

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """Import the module of a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"kvalitet.cli.commands.{COMMANDS[cmd_name][0]}")
        group = typer.main.get_group(module.app)
        return group if cmd_name in GROUPS else group.commands[cmd_name]

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> Any:
        """Run a command; wrong input ends with 2, what could not be done with 1."""
        given = list(sys.argv[1:] if args is None else args)
        debug = "--debug" in given
        wanted = [word for word in given if word != "--debug"]
        try:
            code = super().main(wanted, "kvalitet", standalone_mode=False)
        except Exception as error:  # noqa: BLE001 -- the one place where every error becomes a sentence
            sys.exit(fail(error, debug=debug))
        sys.exit(code if isinstance(code, int) else 0)


app = typer.Typer(cls=Root, add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def root(
    *,
    _debug: Annotated[bool, typer.Option("--debug", help="Vis også programmets spor, når noget går galt.")] = False,
) -> None:
    """Kør kommunens årshjul for kvalitetsarbejdet i skolerne."""


def main() -> None:
    """Run the command line of this process."""
    app(prog_name="kvalitet")
