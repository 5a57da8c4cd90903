"""What the commands share: the reader's language, options of the same name, how a result is printed.

Prose stands in the catalogue (`help.yaml`, `click.yaml`); the examples of a command stay in its docstring,
for they are the same in every language. `speak_in` fills both in for the language of this call.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES, VARIABLE, Language, speak, spoken
from perfkit.text import say
from perfkit.text.catalogue import choose, words
from perfkit.workspace import find_workspace, is_there, matching, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


_SAYING = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
_UPPER = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,})*")
_EXAMPLES = ("Example:", "Examples:", "Start here:")


def language_of(arguments: Sequence[str]) -> Language:
    """Give the language that a command line asks for, else the reader's (`perfkit.language.spoken`).

    Help and usage errors come before any option is read, so that the option is looked for here.
    """
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--language":
            value = value or next(iter(arguments[place + 1 : place + 2]), "")
            return next((each for each in LANGUAGES if each == value), spoken())
    return spoken()


def speak_in(language: Language, group: click.Group) -> None:
    """Let every message and all help of this process speak a language."""
    speak(language)
    for name in _SAYING:
        module = sys.modules.get(f"click.{name}")
        if module is not None:
            module._, module.ngettext = _said, _counted  # type: ignore[attr-defined]
    names = group.context_settings.get("help_option_names")
    for command in (group, *group.commands.values()):
        _tell(command, language)
        helps = command.get_help_option(click.Context(command, help_option_names=names))
        if helps is not None:  # click makes it once, in the language of that time
            helps.help = choose("click.help", language)


def _tell(command: click.Command, language: Language) -> None:
    """Fill in the help of a command and of each of its options from the catalogue."""
    known = words("help")
    own = "perfkit" if isinstance(command, click.Group) else str(command.name)
    command.options_metavar = choose("help.metavar.options", language)
    if isinstance(command, click.Group):
        command.subcommand_metavar = choose("help.metavar.command", language)
    if own in known:
        _, _, examples = cleandoc(_help(command)).partition("\b")
        command.help = known[own][language] + (f"\n\n\b{_heading(examples, language)}" if examples else "")
        command.short_help = choose(f"help.{own}.short", language) if f"{own}.short" in known else None
    if command.epilog is not None:
        command.epilog = choose("help.status", language)
    for option in command.params:
        _name_value(command, option, language)
        for key in (f"{own}.{option.name}", f"option.{option.name}"):
            if key in known and isinstance(option, click.Option):
                option.help = known[key][language]
                break
        if isinstance(option, click.Option) and option.is_eager:
            option.help = _said(_help(option))


def _name_value(command: click.Command, option: click.Parameter, language: Language) -> None:
    """Name in a language what an option or an argument takes: a form, a folder, a whole number."""
    kind: Any = option.type
    if isinstance(kind, click.Choice) or getattr(option, "is_flag", False):
        return
    bounded = isinstance(kind, click.Path | click.IntRange | click.FloatRange)  # no other stands in a message
    if bounded:
        kind.name = _type_name(kind)
    option.metavar = _UPPER.sub(lambda found: _value(found[0], language), _metavar(command, option))
    if bounded and language != "en":
        kind.name = _value(kind.name.upper(), language)


class Commands(click.Group):
    """Tell of a command that there is not, and which one its word means."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Give the command that the first argument names."""
        name = args[0]
        if name in self.commands or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        told = choose("click.no_command", spoken()).format(name=name)
        raise click.UsageError(told + _asked(meant(name, self.commands)), ctx)


def nearest(error: click.NoSuchOption) -> click.NoSuchOption:
    """Give the error of an unknown option with the one option that its word means."""
    options = error.ctx.command.params if error.ctx else ()
    near = meant(error.option_name, [name for each in options for name in each.opts if name.startswith("--")])
    return click.NoSuchOption(error.option_name, error.message + _asked(near), ctx=error.ctx)


def _asked(near: str | None) -> str:
    return " " + choose("click.did_you_mean", spoken()).format(possibility=repr(near)) if near else ""


def meant(given: str, known: Iterable[str]) -> str | None:
    """Give the name that a person means by another word: one that looks like it, or says the same."""
    names = list(known)
    said = {word: name for name in names for word in _also(name)} | {name.lstrip("-"): name for name in names}
    near = get_close_matches(given.lstrip("-").casefold(), said, n=1)
    return said[near[0]] if near else None


def _also(name: str) -> list[str]:
    """Give the words that people type for a command, an option or a format of another name."""
    typed = words("help").get(f"typed.{name.lstrip('-')}", {})
    return " ".join(typed.values()).split()


@cache
def _help(told: click.Option | click.Command) -> str:
    """Give the help of a command or an option as the code says it."""
    return told.help or ""


@cache
def _metavar(command: click.Command, option: click.Parameter) -> str:
    """Give what an option takes as the code says it."""
    return option.make_metavar(click.Context(command))


@cache
def _type_name(kind: Any) -> str:
    return str(kind.name)


def _value(word: str, language: Language) -> str:
    key = f"metavar.{word.lower().replace(' ', '_')}"
    return words("help")[key][language] if key in words("help") else word


def _heading(examples: str, language: Language) -> str:
    for heading in _EXAMPLES:
        examples = examples.replace(
            heading, choose(f"help.{heading.split()[0].strip(':').lower()}", language)
        )
    return examples


@cache
def _click() -> dict[str, str]:
    """Give the Chinese of each message of click by its English."""
    return {both["en"]: both["zh"] for both in words("click").values()}


def _said(message: str) -> str:
    return _click().get(message, message) if spoken() == "zh" else message


def _counted(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)


SHOWN_AS_CODE_POINT = "perfkit.code_point"
SEVEN_BITS = "perfkit_ascii"  # ASCII by a name of ours: click takes a stream of that name for UTF-8


def show_code_points(*streams: Any) -> None:
    """Let streams print a character that their encoding lacks as its code point: `[U+2713]`.

    They keep their encoding: that of a console of a Chinese Windows (cp936) is the locale's.
    """
    codecs.register_error(SHOWN_AS_CODE_POINT, _code_points)
    codecs.register(_seven_bits)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            plain = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=SEVEN_BITS if plain else None, errors=SHOWN_AS_CODE_POINT)


def _seven_bits(name: str) -> codecs.CodecInfo | None:
    if name != SEVEN_BITS:
        return None
    known = codecs.lookup("ascii")
    return codecs.CodecInfo(
        known.encode, known.decode, known.streamreader, known.streamwriter, known.incrementalencoder,
        known.incrementaldecoder, name=SEVEN_BITS,
    )  # fmt: skip


def _code_points(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(f"[U+{ord(sign):04X}]" for sign in error.object[error.start : error.end]), error.end


# what the commands share: options of the same name, what a PATH means, and how a result is printed


LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES))
PROFILE = click.option("--profile", metavar="NAME")


def at_workspace(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """Give the folder that an option names; its default lies in the workspace, wherever the command runs."""
    if context.get_parameter_source(str(parameter.name)) is not click.core.ParameterSource.DEFAULT:
        return value
    root = find_workspace()
    return value if root == Path.cwd() else root / value


def formats_option(known: Callable[[], Sequence[str]], default: str, **more: Any) -> Callable[[Any], Any]:
    """Give the option `--to`: formats with commas between them; given several times, all of them count."""

    def chosen(_context: Any, _parameter: Any, values: Sequence[str]) -> tuple[str, ...]:
        wanted = tuple(dict.fromkeys(part.strip() for part in ",".join(values).split(",") if part.strip()))
        wrong = [part for part in wanted if part not in known()]
        if wrong or not wanted:
            got = ", ".join(wrong) or say("cli.nothing")
            near = meant(wrong[0], known()) if wrong else None
            more = say("cli.formats.meant", near=near) if near else ""
            raise click.BadParameter(
                say("cli.formats", got=got, known=", ".join(known()), more=more)[spoken()]
            )
        return wanted

    shown: dict[str, Any] = {"metavar": "FORMATS", "show_default": True}
    return click.option("--to", multiple=True, default=(default,), callback=chosen, **shown, **more)


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold what a PATH means: the form, and the profile, language and theme of its report."""

    form: Path
    profile: str
    language: Language
    previous: Path | None = None
    theme: str = ""


def subject(path: str | Path, profile: str | None = None, language: Language | None = None) -> Subject:
    """Find the form that a path names, itself or as a params file, with the settings that go with it.

    The profile is the option's, else the params file's, else that of `perfkit.yaml`, else `mof-2020`.
    """
    from perfkit.params import is_params, load_params, settings

    given = Path(path)
    if not is_params(given):
        return Subject(given, settings(profile=profile or "").profile, language or spoken())
    params = load_params(given)
    theirs: Language = "en" if params.language == "en" else "zh"
    said = language or (spoken() if os.environ.get(VARIABLE) else theirs)
    theme = str(params.theme or "")
    return Subject(params.form, profile or params.profile, said, params.previous, theme)


def show(result: Any, language: Language) -> None:
    """Print a result on stdout as display lays it out for a terminal."""
    from rich.console import Console

    from perfkit.display.terminal import rich_of

    Console(highlight=False, soft_wrap=False).print(rich_of(result, language=language))


def show_json(data: Any) -> None:
    """Print data as JSON; where the console's encoding lacks a character, JSON's own escapes stand."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2)
    click.echo(text)


OFFICE_LOCK = "~$"  # how the name of the file begins that Excel or Word keeps beside an open one


def expand(patterns: Sequence[str]) -> list[Path]:
    """Give the files that names and globs mean (a shell on Windows leaves globs to the program).

    A lock that Excel or Word keeps beside an open file is left out, and said to be.

    Raises:
        SettingsError: for each name that means no file.
    """
    found: dict[Path, None] = {}
    faults = []
    for pattern in patterns:
        path = Path(pattern)
        matches = [path] if is_there(path) or not set(pattern) & set("*?[") else matching(path)
        if not matches:
            faults.append(Fault(say("cli.no_match"), pattern, hint=say("cli.no_match.hint")))
        locks = [one for one in matches if one.name.startswith(OFFICE_LOCK)]
        for lock in locks:
            click.echo(say("cli.lock_left_out", file=shown(lock))[spoken()], err=True)
        found.update(dict.fromkeys(one for one in matches if one not in locks))
    if faults:
        raise SettingsError.of(faults)
    return list(found)


def wrong_ending(name: str, *endings: str) -> click.BadParameter:
    """Say which endings the name of a file to write may have."""
    known = f" {say('cli.or')[spoken()]} ".join(endings)
    return click.BadParameter(
        say("cli.expected_ending", name=name, endings=known)[spoken()], param_hint="--to"
    )
