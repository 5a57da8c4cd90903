"""The command line in the reader's language: help, options, and what click itself says.

Prose stands in the catalogue (`help.yaml`, `click.yaml`); the examples of a command stay in its docstring,
for they are the same in every language. `speak_in` fills both in for the language of this call.
"""

from __future__ import annotations

import codecs
import re
import sys
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from perfkit.language import LANGUAGES, Language, speak, spoken
from perfkit.text.catalogue import choose, words

if TYPE_CHECKING:
    from collections.abc import Sequence

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
