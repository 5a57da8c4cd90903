"""No English sentence of ours under Chinese, and no Chinese one under English: every command, every fault."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import perfkit
from perfkit.cli import cli
from perfkit.cli.speaking import speak_in
from perfkit.language import speak
from perfkit.text.catalogue import words
from tests.trees import tree

ROOT = Path(__file__).parents[2]
PACKAGE = Path(perfkit.__file__).parent
SENTENCE = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){3,}")
CHINESE_SENTENCE = re.compile(r"[\u4e00-\u9fff]{13,}|[，。；！？]")
LEARNING = "params/forms/online-learning-2022.yaml"


@pytest.fixture
def chinese():
    speak_in("zh", cli)
    yield
    speak_in("en", cli)
    speak(None)


def prose(text):
    """Give a help text without its examples, which are the same in every language."""
    return "\n".join(line for line in text.splitlines() if not re.match(r"\s*perfkit |\s*--?\w", line))


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_has_its_help_in_both_languages(command, chinese):
    known = words("help")
    assert {command, f"{command}.short"} <= set(known)
    for option in cli.commands[command].params:
        if isinstance(option, click.Option) and not option.is_eager:
            assert {f"{command}.{option.name}", f"option.{option.name}"} & set(known), option.name
    context = click.Context(cli.commands[command], info_name=command)
    assert not SENTENCE.search(prose(cli.commands[command].get_help(context)))
    speak_in("en", cli)
    assert not CHINESE_SENTENCE.search(prose(cli.commands[command].get_help(context)))


def run(*arguments, language, cwd=ROOT, encoding="utf-8", **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    environment |= {"PERFKIT_LANGUAGE": language, **variables}
    result = subprocess.run(
        [sys.executable, "-m", "perfkit", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env=environment,
        check=False,
    )
    assert b"Traceback" not in result.stderr
    return result, (result.stdout + result.stderr).decode(encoding, "strict")


MISTAKES = [
    (), ("--help",), ("scor",), ("score",), ("score", "none.yaml"), ("score", LEARNING, "--format", "xml"),
    ("score", LEARNING, "--profile", "mof-2002"), ("explain", "PK999"), ("report", "params", "--to", "odt"),
    ("export", LEARNING, "--to", "form.odt"), ("export", "--to", "form.xlsx"), ("import", "params"), ("check", "*.none"),
    ("diff", "1", "2"), ("query", "drop table runs"), ("doctor",), ("report", "params", "--jobs", "0"),
    ("preview", "none.xlsx"), ("profiles",), ("score", LEARNING),
]  # fmt: skip


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_what_is_printed_is_in_the_readers_language(arguments):
    _, zh = run(*arguments, language="zh")
    for line in zh.splitlines():
        assert not SENTENCE.search(re.sub(r"“[^”]*”|'[^']*'|\bperfkit [ \w./*-]+", "", line)), line


@pytest.mark.parametrize("variables", [
    {"LANG": "C", "LC_ALL": "C"}, {"LANG": "zh_CN.UTF-8"}, {"LANG": "zh_CN.GBK", "PYTHONIOENCODING": "gbk"},
    {"PYTHONIOENCODING": "cp936"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "ascii"},
], ids=str)  # fmt: skip
def test_no_console_is_too_poor(variables, tmp_path):
    encoding = variables.get("PYTHONIOENCODING", "utf-8")
    for arguments in (
        ("score", LEARNING),
        ("check", LEARNING),
        ("doctor",),
        ("score", LEARNING, "--format", "json"),
        ("nonsense",),
    ):
        result, told = run(*arguments, language="zh", encoding=encoding, **variables)
        assert result.returncode in {0, 1, 2}
        assert told.strip()
    if encoding in {"latin-1", "ascii"}:
        assert "[U+" in told


def test_no_fault_is_raised_in_one_language_only():
    """Whatever a fault says in words comes from the catalogue."""
    told = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "Fault",
                "DataError",
                "SettingsError",
            }:
                for part in (
                    *node.args[:1],
                    *(k.value for k in node.keywords if k.arg in {"what", "hint", "expected"}),
                ):
                    text = (
                        ast.unparse(part) if isinstance(part, ast.JoinedStr) else getattr(part, "value", "")
                    )
                    if isinstance(text, str) and re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", text):
                        told.append(f"{path.relative_to(PACKAGE)}:{node.lineno}: {text}")
    assert told == []
