"""The help of a command: its options in sections, by what they are about."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
"""Settings of every command and group: what asks for its help."""

_SECTIONS = {
    "Input": (
        *("from_encoding", "stdin_filename", "max_record", "exclude", "force_exclude", "gitignore", "text_field"),
        *("text_fields", "language", "language_field", "per_line", "group_by", "html", "limit"),
        *("changes", "decisions"),
    ),
    "What is repaired": (
        *("confidence", "rules", "select", "extend", "ignore", "web", "spelling", "model", "rescorer", "spun"),
    ),
    "Output": (
        *("out", "output", "diff", "unified", "color", "max_findings", "statistics", "exit_zero", "baseline"),
        *("write_baseline", "prune_baseline", "annotate", "keep_field", "export", "dry_run"),
    ),
    "Running": ("workers", "shard_size", "strict", "max_errors", "max_seconds", "engine", "master", "port", "browse"),
}
"""Section of the help -> the parameters of commands that stand in it; the others are among the options."""

_SECTION_OF = {name: title for title, names in _SECTIONS.items() for name in names}


class SectionedCommand(TyperCommand):
    """A command whose help has its options in sections, as plain text: what Typer draws with boxes needs rich, and is
    harder to search and to copy."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What stands behind the name of the command."""
        arguments = [parameter for parameter in self.get_params(ctx) if parameter.param_type_name == "argument"]
        names = [(_argument_name(argument), argument.required) for argument in arguments]
        return ["[OPTIONS]", *(name if required else f"[{name}]" for name, required in names)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the help of arguments and options."""
        sections: dict[str, list[tuple[str, str]]] = {title: [] for title in ("Arguments", *_SECTIONS, "Options")}
        for parameter in self.get_params(ctx):
            row = parameter.get_help_record(ctx)
            if row is not None and parameter.param_type_name == "argument":
                sections["Arguments"].append((_argument_name(parameter), row[1]))
            elif row is not None:
                sections[_SECTION_OF.get(parameter.name or "", "Options")].append(row)
        for title, rows in sections.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _argument_name(argument: Any) -> str:
    """What an argument is called; versions of Typer add brackets and types of Python to it."""
    return str(argument.metavar or argument.name.upper() + "..." * (argument.nargs == -1))
