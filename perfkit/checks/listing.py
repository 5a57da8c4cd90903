"""The findings as text, JSON, SARIF or an Excel work list, in zh and en.

A writer takes the findings of one form at a time and keeps none of them, so that a thousand forms pass
through in flat memory; `render` is the same for findings already in hand. JSON is a list, an object a line.
SARIF 2.1.0 (OASIS) is for the viewers that developers have: results as they come, the rules after them,
since the order of keys means nothing in JSON.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import groupby
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote

from perfkit import __version__
from perfkit.checks.finding import SEVERITIES, Finding, Findings, Page, pages, section
from perfkit.checks.phrasing import field_label, printable, row_label, severity_label
from perfkit.text import say
from perfkit.text.catalogue import place_in

if TYPE_CHECKING:
    from collections.abc import Iterable

Format = Literal["text", "json", "sarif", "xlsx"]
FORMATS: tuple[Format, ...] = ("text", "json", "sarif", "xlsx")


class Writer(Protocol):
    """Write findings to a stream, form by form; `close` writes what comes last and leaves the stream open."""

    def add(self, findings: Iterable[Finding], file: str = "") -> None:
        """Write the findings of one form; `file` names it where it has no finding."""

    def close(self) -> None:
        """Write the end."""


def writer(form_of: str, stream: IO[Any], language: str = "zh") -> Writer:
    """Give the writer of a format: text, json and sarif write text, xlsx writes bytes.

    Raises:
        ValueError: the format is unknown.
    """
    if form_of == "text":
        return TextWriter(stream, language)
    if form_of == "json":
        return JsonWriter(stream, language)
    if form_of == "sarif":
        return SarifWriter(stream, language)
    if form_of == "xlsx":
        from perfkit.checks.work_list import XlsxWriter

        return XlsxWriter(stream, language)
    raise ValueError(f"{form_of}: expected one of {', '.join(FORMATS)}")


def render(findings: Iterable[Finding], form_of: str, stream: IO[Any], language: str = "zh") -> None:
    """Write findings in a format, grouped by form; those across forms come last."""
    out = writer(form_of, stream, language)
    for (_, file), group in groupby(sorted(findings, key=_place), key=_place):
        out.add(Findings(list(group)), file)
    out.close()


def _place(finding: Finding) -> tuple[bool, str]:
    across = finding.code.startswith("PK5")
    return across, "" if across else finding.file


class JsonWriter:
    """Write the list as the findings come."""

    def __init__(self, stream: IO[str], language: str) -> None:
        self._stream = stream
        self._language = language
        self._opened = False

    def add(self, findings: Iterable[Finding], file: str = "") -> None:  # noqa: ARG002 each finding names its file
        """Write the findings of one form."""
        for finding in findings:
            self._stream.write(",\n " if self._opened else "[\n ")
            self._stream.write(json.dumps(finding.to_dict(self._language), ensure_ascii=False))
            self._opened = True

    def close(self) -> None:
        """Close the list."""
        self._stream.write("\n]\n" if self._opened else "[]\n")


SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
_LINE = re.compile(r"\bline (\d+)")


class SarifWriter:
    """Write one run of one tool."""

    def __init__(self, stream: IO[str], language: str) -> None:
        self._stream = stream
        self._language = language
        self._opened = False
        self._order = {code: place for place, code in enumerate(pages())}
        head = {"$schema": SCHEMA, "version": "2.1.0"}
        stream.write(json.dumps(head)[:-1] + ', "runs": [{"results": [')

    def add(self, findings: Iterable[Finding], file: str = "") -> None:  # noqa: ARG002 each finding names its file
        """Write the results of one form."""
        for finding in findings:
            self._stream.write(",\n" if self._opened else "\n")
            self._stream.write(json.dumps(self._result(finding), ensure_ascii=False))
            self._opened = True

    def close(self) -> None:
        """Write the tool with its rules, and close the run."""
        driver = {
            "name": "perfkit",
            "semanticVersion": __version__,
            "language": LANGUAGES[self._language],
            "rules": [_rule(page, self._language) for page in pages().values()],
        }
        run = {
            "tool": {"driver": driver},
            "language": LANGUAGES[self._language],
            "columnKind": "unicodeCodePoints",
        }
        self._stream.write("\n], " + json.dumps(run, ensure_ascii=False)[1:] + "]}\n")

    def _result(self, finding: Finding) -> dict[str, Any]:
        language = self._language
        said = (finding.message, finding.evidence, finding.fix)
        return {
            "ruleId": finding.code,
            "ruleIndex": self._order[finding.code],
            "level": LEVELS[finding.severity],
            "message": {"text": "\n".join(text[language] for text in said)},
            "locations": [_location(finding, language)],
            "properties": {"evidence": finding.evidence[language], "fix": finding.fix[language]},
        }


def _rule(page: Page, language: str) -> dict[str, Any]:
    plain = "\n".join(getattr(page, part)[language] for part in ("what", "why", "example", "mend"))
    return {
        "id": page.code,
        "name": page.slug,
        "shortDescription": {"text": page.title[language]},
        "fullDescription": {"text": page.what[language]},
        "help": {"text": plain, "markdown": section(page, language)},
        "defaultConfiguration": {"level": LEVELS[page.severity]},
        "properties": {"tags": [page.family]},
    }


def _location(finding: Finding, language: str) -> dict[str, Any]:
    row = None if finding.row is None else f"indicators[{finding.row - 1}]"
    path = ".".join(filter(None, (row, finding.field)))
    named = " ".join(filter(None, (row_label(finding.row, language), field_label(finding.field, language))))
    location: dict[str, Any] = {
        "logicalLocations": [{"name": named, "fullyQualifiedName": path, "kind": "member"}],
    }
    if finding.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": uri(finding.file)}}
        line = _LINE.search(finding.place)
        if line and int(line[1]) > 0:
            physical["region"] = {"startLine": int(line[1])}
        location["physicalLocation"] = physical
    if finding.place:
        location["message"] = {"text": finding.place}
    return location


def uri(file: str) -> str:
    """Give a file name as a URI reference: relative as it is, absolute with the file scheme."""
    windows = PureWindowsPath(file)
    if windows.drive:
        return windows.as_uri() if windows.is_absolute() else quote(windows.as_posix())
    posix = PurePosixPath(file)
    return posix.as_uri() if posix.is_absolute() else quote(str(posix))


_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_EVIDENCE, _FIX = say("checks.list.evidence"), say("checks.list.fix")
_ASIDE = say("checks.list.aside")
_ACROSS, _ACROSS_CODES = say("checks.list.across"), "PK5"


class TextWriter:
    """Print each form's findings under its file name; text of a form is never taken for markup."""

    def __init__(self, stream: IO[str], language: str) -> None:
        from rich.console import Console

        self._console = Console(file=stream, highlight=False, soft_wrap=True, markup=False, emoji=False)
        self._language = language
        self._counts: Counter[str] = Counter()
        self._forms = 0

    def add(self, findings: Iterable[Finding], file: str = "") -> None:
        """Print the findings of one form; a form without any is only counted."""
        found = list(findings)
        aside = findings.set_aside if isinstance(findings, Findings) else ()
        across = bool(found) and all(finding.code.startswith(_ACROSS_CODES) for finding in found)
        self._forms += not across
        if not found and not aside:
            return
        name = _ACROSS[self._language] if across else file or next(each.file for each in (*found, *aside))
        own = "" if across else next((each.source for each in (*found, *aside)), "")
        if own and own != name:
            name = say("checks.file_of", file=name, own=own)[self._language]
        self._line((printable(name) or "—", "bold underline"))
        for finding in found:
            self._counts[finding.severity] += 1
            self._print(finding, (finding.source or finding.file) if across else "")
        for finding in aside:
            self._print_aside(finding)
        self._console.print()

    def close(self) -> None:
        """Print the summary line."""
        self._line(*self._summary())

    def _print(self, finding: Finding, file: str) -> None:
        language = self._language
        style = _STYLES[finding.severity]
        where = [printable(file), row_label(finding.row, language), field_label(finding.field, language)]
        if finding.place:
            where.append(f"({place_in(printable(finding.place), language)})")
        self._line(
            ("  ", ""),
            (severity_label(finding.severity, language), style),
            (f" {finding.code} ", "bold"),
            (" ".join(filter(None, where)), "dim"),
            (f" {finding.message[language]}", ""),
        )
        for label, text in ((_EVIDENCE, finding.evidence), (_FIX, finding.fix)):
            self._line((f"      {label[language]}: {text[language]}", "dim"))

    def _print_aside(self, finding: Finding) -> None:
        """Print a finding that a person has set aside, with the reason; it counts no more."""
        aside, language = finding.set_aside, self._language
        if aside is None:
            return
        by = f" ({aside.by})" if aside.by else ""
        told = f"{finding.code} {finding.message[language]} — {printable(aside.reason + by)}"
        self._line((f"  {_ASIDE[language]}: {told}", "dim"))

    def _line(self, *parts: tuple[str, str]) -> None:
        """Print a line of texts, each in its style."""
        from rich.text import Text

        self._console.print(Text.assemble(*parts))

    def _summary(self) -> list[tuple[str, str]]:
        counts = [(severity, self._counts[severity]) for severity in SEVERITIES if self._counts[severity]]
        total = sum(self._counts.values())
        forms = say("checks.list.forms", n=self._forms)
        if not counts:
            clean = say("checks.list.clean", forms=forms)
            return [(clean[self._language], "green")]
        head = say("checks.list.head", forms=forms, findings=say("checks.list.findings", n=total))
        line = [(head[self._language], "")]
        for place, (severity, count) in enumerate(counts):
            if place:
                line.append((say("checks.list.joint")[self._language], ""))
            told = say(f"checks.list.count_{severity}", n=count)
            line.append((told[self._language], _STYLES[severity]))
        return line
