"""`perfkit import`: every form of every file becomes a form file and a params file.

Files are read side by side, each within bounds; one that cannot be read never stops the others. Names
come from the file's own name, never from text inside it, and nothing that is already there is lost.
"""

from __future__ import annotations

import base64
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from perfkit.batch.ledger import FILE as LEDGER
from perfkit.batch.portfolio import Portfolio
from perfkit.batch.run import OUT
from perfkit.checks.across import owner_of, timeless
from perfkit.errors import Fault, PerfkitError
from perfkit.files import free_stem, safe_stem, write_atomic
from perfkit.form import Form, row_of, value_named, with_checked, with_set_aside
from perfkit.language import Text, spoken
from perfkit.params import LANGUAGE, PROFILE, load_params, shared, written
from perfkit.readers import form_yaml, read
from perfkit.readers.document import join, parse
from perfkit.text import listed, say, shortened
from perfkit.text.catalogue import place_in
from perfkit.workspace import name_meant, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from click._termui_impl import ProgressBar

    from perfkit.readers.layout.cell_roles import Explanation

_MANY = 5
_SHOWN = 8  # changes of a form that are told one by one
_BESIDE = {"source", "reading", "place", "ignore", "ignore_reason", "ignored_by"}
_NEAR = 80  # how like two projects' names are at least, in percent
_WIDE = 160  # columns of a table that goes into a file


@dataclass
class Import:
    """Import forms into a folder of params files; `params` are those that stand for them now."""

    folder: Path
    profile: str | None = None
    force: bool = False
    hint: str = "folder"
    params: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _written: list[tuple[Path, Form]] = field(default_factory=list)

    def take(self, paths: list[Path]) -> None:
        """Import every file; print a line a form on stdout, gather the faults of the others.

        A form is compared with that of the year before once all are read, since both may come together.
        """
        try:
            self._take(paths)
        finally:
            self._pair()

    def _take(self, paths: list[Path]) -> None:
        used: set[str] = set()
        stems = _stems(paths)
        for path, result in _read(paths):
            if isinstance(result, PerfkitError):
                self.faults += result.faults
                continue
            for number, form in enumerate(result, start=1):
                name = free_stem(stems[path] + (f"-{number}" if len(result) > 1 else ""), used)
                if path.absolute() == (self.folder / "forms" / f"{name}.yaml").absolute():
                    self._named(self.folder / f"{name}.yaml", name, form)
                else:
                    self._form(form, name)

    def _form(self, form: Form, name: str) -> None:
        if not form.indicators or not form.project:
            what = say("reading.no_project" if form.indicators else "reading.no_rows")
            self.faults.append(Fault(what, form.source.file, hint=say("reading.no_rows.hint")))
            return
        target, params = self.folder / "forms" / f"{name}.yaml", self.folder / f"{name}.yaml"
        earlier = _earlier(target) if target.exists() else None
        if self.force and earlier is not None:
            form = with_set_aside(form, earlier)
        if earlier is not None and earlier.reading.state:
            form = with_checked(form, earlier)
        content = form_yaml(form).encode("utf-8")
        if earlier is not None and not self.force and target.read_bytes() != content:
            if earlier.source.origin_sha256 and earlier.source.origin_sha256 == form.source.sha256:
                there = replace(form, source=replace(form.source, file=earlier.source.origin))
                same = form_yaml(there).encode("utf-8") == target.read_bytes()
                key = "cli.unchanged" if same else "cli.edited"
                click.echo(say(key, path=shown(target))[spoken()], err=True)
                self._named(params, name, form)
                return
            self.faults.append(self._occupied(earlier, form, target, params))
            return
        write_atomic(target, content)
        self._named(params, name, form)
        _tell(form, params)

    def _occupied(self, earlier: Form, form: Form, target: Path, params: Path) -> Fault:
        """Say that a form is there already: another one, or this one as it was, with what would be lost."""
        if timeless(earlier.project) != timeless(form.project):
            got = say("cli.another_form.got", there=earlier.project, came=form.project)
            hint = say(f"cli.another_form.{self.hint}")
            return Fault(say("cli.another_form"), shown(target), got=got, hint=hint)
        changes = list(_changes(earlier, form))
        more = [say("cli.newer_form.more", n=len(changes) - _SHOWN)] if len(changes) > _SHOWN else []
        got = say("cli.newer_form.got", n=len(changes), changes=listed([*changes[:_SHOWN], *more]))
        hint = say("cli.newer_form.hint", command=self._again(form, params), params=shown(params))
        return Fault(say("cli.newer_form"), shown(target), got=got, hint=hint)

    def _again(self, form: Form, params: Path) -> str:
        """Give the command that imports a form over the one that is there, by its params file's rules."""
        file = form.source.file
        command = f'perfkit import "{file}" --force' if " " in file else f"perfkit import {file} --force"
        if _from_workspace(self.folder) != "params":
            command += f" --to {shown(self.folder)}"
        try:
            profile = self.profile or load_params(params).profile
        except PerfkitError:
            profile = ""  # which is told by whoever reads the params file
        common = shared(self.folder.absolute().parent).profile or PROFILE
        return f"{command} --profile {profile}" if profile not in ("", common) else command

    def _named(self, params: Path, name: str, form: Form) -> None:
        """Write a params file: what `perfkit.yaml` leaves open; one that is there keeps the rest."""
        if params.exists() and not self.force:
            self.params.append(params)
            return
        try:
            there = written(params) if params.exists() and params.read_bytes().strip() else {}
        except PerfkitError as error:
            self.faults += error.faults
            return
        self.params.append(params)
        common = shared(self.folder.absolute().parent)
        values = there | {"form": f"{_from_workspace(self.folder)}/forms/{name}.yaml"}
        if self.profile or not (common.profile or there.get("profile")):
            values["profile"] = self.profile or PROFILE
        if not (common.language or there.get("language")):
            values["language"] = LANGUAGE
        if values != there:
            _write(params, values)
        self._written.append((params, form))

    def _pair(self) -> None:
        """Name in each params file just written the form of the year before, where there is one.

        It is of the same unit, and its project has the same name but for the year, or one that is nearly so;
        that is told, since only a person knows. One that a params file names already is kept, and told.
        """
        if not self._written:
            return
        before = YearBefore.known(self.folder, self._written)
        for params, form in self._written:
            values = written(params)
            if kept := values.get("previous"):
                click.echo(say("cli.previous", params=shown(params), form=kept)[spoken()], err=True)
                continue
            found = before.of(form)
            if found is None:
                continue
            _write(params, values | {"previous": found.form})
            key = "cli.previous_near" if found.near else "cli.previous"
            year = form.year and form.year - 1
            told = say(key, params=shown(params), form=found.form, project=found.project, year=year)
            click.echo(told[spoken()], err=True)
        self._written.clear()


def _stems(paths: Sequence[Path]) -> dict[Path, str]:
    """Give each file's name for its form; files of one name in several folders are told apart by these.

    Whoever collects units' forms has a folder a unit, and 自评表.xlsx in each.
    """
    alike: dict[str, list[Path]] = {}
    for path in paths:
        alike.setdefault(name_meant(path.stem).casefold(), []).append(path)
    stems = {}
    for same in alike.values():
        apart = len({path.absolute().parent for path in same}) > 1
        for path in same:
            folder = f"{path.absolute().parent.name}-" if apart else ""
            stems[path] = safe_stem(name_meant(folder + path.stem))
    return stems


@dataclass(frozen=True, slots=True)
class Earlier:
    """Hold the form of a year before: its file as a params file names it, its project, whether only near."""

    form: str
    project: str
    near: bool


class YearBefore:
    """Find the form of the year before of another, among those of one workspace."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], dict[str, tuple[str, str]]] = {}

    @classmethod
    def known(cls, folder: Path, written: Sequence[tuple[Path, Form]]) -> YearBefore:
        """Know the forms of params files just `written`, those of the ledger, and those not reported yet."""
        found, seen = cls(), set()
        for params, form in written:
            seen.add(params.stem)
            found.add(form.unit, form.department, form.year, form.project, params)
        out = folder.absolute().parent / OUT
        for row in Portfolio.of(out).projects if (out / LEDGER).exists() else ():
            params = folder / f"{row['name']}.yaml"
            if row["name"] not in seen:
                seen.add(row["name"])
                found.add(row["unit"], row["department"], row["year"], row["project"], params)
        for params in sorted(folder.glob("*.yaml")):
            if params.stem not in seen:
                form = _earlier(folder / "forms" / params.name)
                found.add(form.unit, form.department, form.year, form.project, params)
        return found

    def add(
        self, unit: str | None, department: str | None, year: int | None, project: str | None, params: Path
    ) -> None:
        """Know one more form; what names no year, no project or nobody is none that could be found."""
        owner = owner_of(unit) or owner_of(department)
        if owner and year and project:
            mine = self._known.setdefault((owner, year), {})
            mine.setdefault(timeless(project), (str(params), project))

    def of(self, form: Form) -> Earlier | None:
        """Give it; None where there is none, or where the form names no year or nobody."""
        from rapidfuzz import fuzz, process

        owner = owner_of(form.unit) or owner_of(form.department)
        mine = self._known.get((owner, form.year - 1)) if form.year and owner else None
        if not mine:
            return None
        wanted = timeless(form.project)
        best = wanted if wanted in mine else None
        if best is None:
            near = process.extractOne(wanted, list(mine), scorer=fuzz.ratio, score_cutoff=_NEAR)
            best = near[0] if near else None
        return _named_in(*mine[best], near=best != wanted) if best is not None else None


def _named_in(params: str, project: str, *, near: bool) -> Earlier | None:
    """Give the form that a params file names; None where it is at fault, which its own report tells."""
    try:
        return Earlier(str(load_params(Path(params)).values["form"]), project, near)
    except PerfkitError:
        return None


def _write(params: Path, values: dict[str, Any]) -> None:
    """Write a params file; of one that is there only the lines of other values change, comments stay."""
    text = _yaml(values)
    if params.exists() and params.read_bytes().strip():
        there, old = params.read_text("utf-8-sig"), written(params)
        changed = there
        for key in (key for key in values if old.get(key) != values[key]):
            line = _yaml({key: values[key]})
            found = re.search(rf"^{re.escape(key)}:(?=\s)[^\n#]*?(?=[ \t]+#|[ \t]*$)", changed, re.MULTILINE)
            begin, end = found.span() if found else (len(changed), len(changed))
            before = changed[:begin] if found else changed.rstrip("\n") + "\n"
            changed = before + (line.rstrip("\n") + changed[end:] if found else line)
        if _reads_as(changed, values):
            text = changed
    write_atomic(params, text.encode("utf-8"))


def _yaml(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False)


def _reads_as(text: str, values: dict[str, Any]) -> bool:
    """Tell whether a changed text of a params file says the values, each key once."""
    try:
        read = parse(text.encode("utf-8"), "").data
        return bool(yaml.safe_load(text) == values and read.keys() == values.keys())
    except (PerfkitError, yaml.YAMLError):
        return False


def _read(paths: list[Path]) -> Iterator[tuple[Path, list[Form] | PerfkitError]]:
    """Read the files, with a progress bar."""
    from perfkit.readers.bulk import read_many

    with _progress(paths) as bar:
        for path, result in read_many(paths):
            bar.update(1)
            yield path, result


def _progress(paths: list[Path]) -> ProgressBar[int]:
    """Give a progress bar, which shows where there are many files and somebody watches."""
    return click.progressbar(
        length=len(paths),
        label=say("cli.reading")[spoken()],
        file=sys.stderr,
        hidden=len(paths) < _MANY or not sys.stderr.isatty(),
    )


def _earlier(target: Path) -> Form:
    """Read the form that is there already; one with faults had nothing set aside that anybody could read."""
    try:
        return read(target)
    except PerfkitError:
        return Form()


def _changes(earlier: Form, form: Form) -> Iterator[Text]:
    """Tell each value that a form had and that another has otherwise; what people set beside them aside."""
    there, came = (dict(_values(each.to_dict())) for each in (earlier, form))
    for path in dict.fromkeys([*there, *came]):
        before, after = there.get(path, ""), came.get(path, "")
        if before != after:
            at = _value_named(path, form if path in came else earlier)
            blank = say("expected.not_filled")
            yield say("cli.newer_form.change", at=at, before=before or blank, after=after or blank)


def _values(data: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            if key not in _BESIDE:
                yield from _values(value, join(path, key))
    elif data not in (None, ""):
        yield path, shortened(str(data))


def _value_named(path: str, form: Form) -> Text:
    """Name a value as the form does: a row by its number and name, another by its heading."""
    row = row_of(path)
    name = form.indicators[row].name if row is not None and row < len(form.indicators) else None
    return value_named(path, name)


def _from_workspace(folder: Path) -> str:
    """Give the folder as a params file names it: from the workspace where it lies in one, else in full."""
    full = folder.absolute()
    return full.name if full.name == "params" else shown(full)


def _tell(form: Form, params: Path) -> None:
    """Say in one line what was read and how it was proven; below it what is to be checked."""
    from perfkit.readers.layout.arithmetic import summary

    language = spoken()
    unread = {(cell.place, cell.text) for cell in form.unread}
    doubts = [each for each in form.reading.doubts if (each.place, each.text) not in unread]
    click.echo(f"{shown(params)}  {listed([summary(form), _reading(form)])[language]}")
    for doubt in doubts:
        parts = (form.source.file, place_in(doubt.place, language), _value_named(doubt.path, form)[language])
        place = say("faults.joint")[language].join(part for part in parts if part)
        key = "reading.doubt" if doubt.text else "reading.doubt_blank"
        told = say(key, place=place, text=repr(doubt.text), why=doubt.why)
        click.echo(told[language], err=True)
    for cell in form.unread:
        at = place_in(cell.place, language)
        place = say("faults.joint")[language].join(part for part in (form.source.file, at) if part)
        told = say("cli.not_read", place=place, text=repr(cell.text), expected=cell.expected)
        click.echo(told[language], err=True)


def explain(paths: list[Path], page: Path | None) -> list[Fault]:
    """Show each file as a table of its cells, with what each was read as and why; write no form.

    A `page` (HTML) shows a scan's doubted cells as they stand in the picture, too; else all goes to stdout.
    """
    from perfkit.readers.bulk import explain_many

    faults: list[Fault] = []
    read: list[tuple[str, Explanation]] = []
    with _progress(paths) as bar:
        for path, result in explain_many(paths):
            bar.update(1)
            if isinstance(result, PerfkitError):
                faults += result.faults
            elif page is None:
                _print_cells(path, result)
            else:
                read.append((shown(path), result))
    if page is not None and read:
        write_atomic(page, _page(read).encode("utf-8"))
    return faults


def _page(read: list[tuple[str, Explanation]]) -> str:
    """Give the page that shows what files were read as: one file of HTML that asks for nothing."""
    from perfkit.display.markup import render
    from perfkit.publish.theme import font_face
    from perfkit.readers.layout.arithmetic import summary

    language = spoken()
    files = [
        (file, [listed([summary(form), _reading(form)])[language] for form in result.forms], result.cells)
        for file, result in read
    ]
    said = {name: say(f"reading.explain.{name}")[language] for name in _HEADINGS}
    text = render(
        "reading",
        language,
        files=files,
        said=said,
        encoded=lambda picture: base64.b64encode(picture).decode("ascii"),
        place_in=place_in,
    ).text
    return text.replace("</style>", f"{font_face(text)}</style>", 1)


_HEADINGS = ("title", "about", "check", "cells", "picture", "text", "role", "why", "place")


def _print_cells(path: Path, result: Explanation) -> None:
    from rich.console import Console
    from rich.table import Table

    language = spoken()
    table = Table(title=shown(path), title_justify="left", show_lines=False)
    for column in ("place", "text", "role", "why"):
        table.add_column(say(f"reading.explain.{column}")[language], overflow="fold")
    for cell in result.cells:
        table.add_row(place_in(cell.place, language), cell.text, cell.role[language], cell.why[language])
    width = None if sys.stdout.isatty() else _WIDE
    Console(width=width, highlight=False, markup=False).print(table)
    for form in result.forms:
        _tell(form, path)


def _reading(form: Form) -> Text:
    """Say how a reading was proven, or that it is to be checked."""
    from perfkit.readers.layout.arithmetic import is_consistent

    if form.reading.state == "doubted":
        return say("reading.doubted", n=len(form.reading.doubts))
    return say("reading.proven" if is_consistent(form) else "reading.unit_fault")
