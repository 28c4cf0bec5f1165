"""Danish help: Typer's commands and groups, with the words around our own texts in Danish too."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

_WORDS = {
    " <str>": "",
    " <path>": "",
    "{": "",
    "}": "",
    "[OPTIONS]": "[TILVALG]",
    "COMMAND [ARGS]...": "KOMMANDO …",
    "[required]": "(skal angives)",
    "Show this message and exit.": "Vis denne hjælp.",
}


class Command(TyperCommand):
    """Kommando: a command whose help is Danish all through."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write "Brug: kvalitet status [TILVALG]"."""
        _usage(self.collect_usage_pieces(ctx), ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """List what the command takes."""
        _options(self, ctx, formatter)


class Group(TyperGroup):
    """Kommandogruppe: as `Command`, for commands that have commands."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write "Brug: kvalitet mail [TILVALG] KOMMANDO …"."""
        _usage(self.collect_usage_pieces(ctx), ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """List the options, and then the commands."""
        _options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands, each with its first sentence."""
        with formatter.section("Kommandoer"):
            formatter.write_dl(self.summaries(ctx))

    def summaries(self, ctx: Any) -> list[tuple[str, str]]:
        """Give each command with its first sentence."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [(name, command.get_short_help_str(limit=200)) for name, command in found if command]


def _usage(pieces: list[str], ctx: Any, formatter: Any) -> None:
    formatter.write_usage(ctx.command_path, _danish(" ".join(pieces)), prefix="Brug: ")


def _options(command: Command | Group, ctx: Any, formatter: Any) -> None:
    for kind, title in (("argument", "Værdier"), ("option", "Tilvalg")):
        records = [
            record
            for parameter in command.get_params(ctx)
            if parameter.param_type_name == kind and (record := parameter.get_help_record(ctx))
        ]
        if records:
            with formatter.section(title):
                formatter.write_dl([(_danish(names), _danish(text)) for names, text in records])


def _danish(text: str) -> str:
    for english, danish in _WORDS.items():
        text = text.replace(english, danish)
    return text
