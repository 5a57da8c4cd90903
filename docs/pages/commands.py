"""The reference of the commands, from their own help."""

from __future__ import annotations

import click

from perfkit.cli import cli
from perfkit.cli.speaking import speak_in
from perfkit.language import Language, speak

PAGE = "reference/commands.md"
HEAD = {
    "en": """# Commands

Data goes to stdout, messages and progress to stderr. Exit status: 0 done; 1 done, with error findings
(`check`), failed reports (`report`) or a machine that needs mending (`doctor`); 2 usage, input that
cannot be read, or a place that cannot be written to.

""",
    "zh": """# 命令

- 数据写到 stdout，消息和进度写到 stderr。
- 退出状态 0：完成。
- 退出状态 1：完成，但有错误级问题（`check`）、有报告未能生成（`report`）或机器有待修补（`doctor`）。
- 退出状态 2：用法有误、输入读不了，或写不进去。

""",
}


def text(language: Language = "en") -> str:
    """Give the page: each command with its help as `perfkit COMMAND --help` prints it in a language."""
    speak_in(language, cli)
    context = click.Context(cli, info_name="perfkit", terminal_width=98, **cli.context_settings)
    sections = [_section(name, cli.commands[name], context) for name in sorted(cli.commands)]
    speak(None)
    return HEAD[language] + "\n".join(sections)


def _section(name: str, command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=parent)
    return f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
