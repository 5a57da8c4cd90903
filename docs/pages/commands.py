"""The reference of the commands, from their own help."""

from __future__ import annotations

import click

from perfkit.cli import cli

PAGE = "reference/commands.md"
HEAD = """# Commands

Data goes to stdout, messages and progress to stderr. Exit status: 0 done; 1 done, with error findings
(`check`), failed reports (`report`) or a machine that needs mending (`doctor`); 2 usage, input that
cannot be read, or a place that cannot be written to.

"""


def text() -> str:
    """Give the page: each command with its help as `perfkit COMMAND --help` prints it."""
    context = click.Context(cli, info_name="perfkit", terminal_width=98, **cli.context_settings)
    sections = [_section(name, cli.commands[name], context) for name in sorted(cli.commands)]
    return HEAD + "\n".join(sections)


def _section(name: str, command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=parent)
    return f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
