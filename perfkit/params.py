"""A params file: which form, profile and language; and what all projects share (`perfkit.yaml`).

Which keys there may be is said by the `parameters` cell of the report notebook, so that an analyst's own
notebook brings its own parameters, and a misspelt one is an error here, not a line in a log.

`perfkit.yaml` may name the profile, the language of pages and documents, the theme and the notebook. A
params file goes before it, and a notebook whose parameter is empty asks for it (`settings`), so that plain
papermill gives the same report as `perfkit report`.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any

import yaml

from perfkit.errors import Fault, PerfkitError, SettingsError, kind_of, refused, theirs
from perfkit.files import read_written
from perfkit.language import LANGUAGES
from perfkit.readers.document import Document, parse
from perfkit.readers.structured import SUFFIXES
from perfkit.text import say
from perfkit.workspace import SHARED, find_workspace, is_file, report_notebook, resolve, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from perfkit.language import Text


PROFILE = "mof-2020"
LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold what `perfkit.yaml` says; "" is what it leaves to others."""

    profile: str = ""
    language: str = ""
    theme: str = ""
    notebook: str = ""
    words: str = ""

    def given(self) -> dict[str, str]:
        """Give the settings that it names."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def shared(workspace: Path | None = None) -> Shared:
    """Read what the workspace's projects share; nothing where there is no `perfkit.yaml`.

    Raises:
        SettingsError: with every fault of the file.
    """
    path = (workspace or find_workspace()) / SHARED
    try:
        stat = path.stat()
    except OSError:
        return Shared()
    return _read(path, stat.st_mtime_ns, stat.st_size)


def settings(profile: str = "", language: str = "", theme: str = "", workspace: Path | None = None) -> Shared:
    """Give the settings of a notebook: what its parameters name, else `perfkit.yaml`, else perfkit's own."""
    whole = shared(workspace)
    return Shared(
        profile or whole.profile or PROFILE,
        language or whole.language or LANGUAGE,
        theme or whole.theme,
        whole.notebook,
        whole.words,
    )


def words_files(theme: str | Path | None = "", workspace: Path | None = None) -> list[Path]:
    """Give the files of own words that a report speaks, as far as there are any, by rank.

    First the one that `perfkit.yaml` names, then the one of the theme: what the report's params name, else
    that of `perfkit.yaml`. A theme that cannot be read names none; whoever takes its look tells why.

    Raises:
        SettingsError: with every fault of `perfkit.yaml`.
    """
    root = workspace or find_workspace()
    whole = shared(root)
    named = [resolve(whole.words, root)] if whole.words else []
    look = theme or whole.theme
    path = resolve(look, root) if look else None
    if path is not None and is_file(path):
        stat = path.stat()
        of_theme = _words_of(path, stat.st_mtime_ns, stat.st_size)
        named += [of_theme] if of_theme is not None and is_file(of_theme) else []
    return list(dict.fromkeys(named))


@lru_cache(maxsize=64)
def _words_of(theme: Path, _modified: int, _size: int) -> Path | None:
    """Give the file of own words that a theme names, beside it."""
    try:
        values = parse(read_written(theme), theme.name).data
    except (OSError, PerfkitError):
        return None
    words = values.get("words") if isinstance(values, dict) else None
    return theme.parent / words if isinstance(words, str) and words else None


@lru_cache(maxsize=8)
def _read(path: Path, _modified: int, _size: int) -> Shared:
    file = shown(path)
    try:
        document = parse(read_written(path), file)
    except OSError as error:
        raise SettingsError(Fault(say("settings.unreadable"), file, got=refused(error))) from None
    except PerfkitError as error:
        raise SettingsError(*error.faults) from None
    values = document.data or {}
    if not isinstance(values, dict):
        raise SettingsError(Fault(say("settings.no_mapping"), file, expected="profile: mof-2020"))
    faults = list(_faults(values, document, path.parent))
    if faults:
        raise SettingsError.of(faults)
    return Shared(**{key: str(value) for key, value in values.items() if value is not None})


def _faults(values: Mapping[str, object], document: Document, workspace: Path) -> Iterator[Fault]:
    known = [each.name for each in fields(Shared)]
    for key, value in values.items():
        place = document.place(key)
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = say("settings.did_you_mean", name=near[0]) if near else ""
            yield Fault(
                say("settings.unknown", name=key), document.file, place, expected=", ".join(known), hint=hint
            )
        elif value is not None and not isinstance(value, str):
            yield Fault(say("settings.no_text"), document.file, place, got=repr(value))
        elif key == "language" and value and value not in LANGUAGES:
            expected = say("settings.zh_or_en")
            yield Fault(say("settings.language"), document.file, place, got=repr(value), expected=expected)
        elif key in {"theme", "notebook", "words"} and value and not is_file(resolve(str(value), workspace)):
            hint = paths_start(workspace)
            yield Fault(say(f"settings.no_{key}"), document.file, place, got=str(value), hint=hint)
        elif key == "profile" and value:
            yield from profile_faults(str(value), workspace, document)


def paths_start(workspace: Path) -> Text:
    """Say where the paths of a settings file start."""
    here = shown(workspace)
    return say("settings.paths_start", folder=say("settings.this_folder") if here == "." else here)


def profile_faults(name: str, workspace: Path, document: Document) -> Iterator[Fault]:
    """Yield what is wrong with the profile that a file names, with the place where it is named."""
    from dataclasses import replace

    from perfkit.profiles import load_profile

    own = resolve(name, workspace)
    try:
        load_profile(str(own) if is_file(own) else name)
    except PerfkitError as error:
        for fault in error.faults:
            file, place = fault.file or document.file, fault.place or document.place("profile")
            yield replace(fault, file=file, place=place)


# a params file: which form, by which profile, in which language; what `papermill -f` takes


DEFAULTS: dict[str, Any] = {
    "form": None,
    "profile": PROFILE,
    "language": LANGUAGE,
    "theme": "",
    "previous": "",
    "code": False,
}
KNOWN = tuple(DEFAULTS)


@dataclass(frozen=True, slots=True)
class Params:
    """Hold the parameters of one report; `values` is what the notebook is run with, as papermill takes it.

    `name` names the outputs (the params file's stem); `form`, `theme` and `previous` (the form of the year
    before) are found files. `overruled` is the profile that the file names where another was asked for.
    """

    name: str
    path: Path
    workspace: Path
    notebook: Path
    form: Path
    profile: str
    language: str
    theme: Path | None
    previous: Path | None
    values: Mapping[str, Any]
    overruled: str = ""


def notebook_parameters(notebook: Path) -> dict[str, Any]:
    """Give the parameters that a notebook declares with their defaults, from its cell tagged `parameters`.

    Raises:
        SettingsError: where the notebook cannot be read or has no such cell.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", ())]
        source = tagged[0]["source"]
        tree = ast.parse(source if isinstance(source, str) else "".join(source))
    except (OSError, ValueError, KeyError, IndexError, TypeError, SyntaxError, AttributeError) as error:
        raise SettingsError(
            Fault(say("settings.params.notebook"), shown(notebook), got=theirs(error),
                  expected=say("settings.params.notebook.expected"))
        ) from None  # fmt: skip
    return dict(_assigned(tree))


def _assigned(tree: ast.Module) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if value is not None:
            found += [(target.id, _literal(value)) for target in targets if isinstance(target, ast.Name)]
    return found


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Hold what the params files of one workspace have in common, to be looked up once for all of them.

    `common` is what `perfkit.yaml` says, `declared` the parameters of the notebook with their defaults;
    `sound` gathers the profiles that were found to hold.
    """

    workspace: Path
    common: Mapping[str, str]
    notebook: Path
    declared: Mapping[str, Any]
    sound: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, folder: Path, notebook: Path | None = None) -> Surroundings:
        """Look them up for a folder of params files.

        Raises:
            SettingsError: `perfkit.yaml` or the notebook is at fault.
        """
        workspace = find_workspace(folder)
        common = shared(workspace).given()
        named = common.pop("notebook", "")
        notebook = notebook or (resolve(named, workspace) if named else report_notebook(workspace))
        return cls(workspace, common, notebook, notebook_parameters(notebook))


def is_params(path: Path) -> bool:
    """Tell whether a file is a params file: a YAML mapping that names a form and holds no indicators.

    One whose keys are all a params file's, or nearly, is meant to be one.
    """
    keys = _keys(path, frozenset({".yaml", ".yml"}))
    if keys is None or "indicators" in keys:
        return False
    near = keys and path.name != SHARED and all(get_close_matches(str(key), KNOWN, n=1) for key in keys)
    return "form" in keys or bool(near)


def is_form_file(path: Path) -> bool:
    """Tell whether a file is a form file: a YAML or JSON mapping that holds indicators."""
    keys = _keys(path, SUFFIXES)
    return keys is not None and "indicators" in keys


def _keys(path: Path, suffixes: frozenset[str]) -> dict[str, Any] | None:
    """Give what a file holds that is named so, None where it is no mapping."""
    if path.suffix.lower() not in suffixes or not is_file(path):
        return None
    try:
        keys = parse(read_written(path), path.name).data
    except (OSError, ValueError):
        return None  # whoever reads it as a form tells what is wrong
    return keys if isinstance(keys, dict) else None


def load_params(
    path: Path, notebook: Path | None = None, surroundings: Surroundings | None = None, profile: str = ""
) -> Params:
    """Read and check a params file against its notebook and its workspace; a `profile` goes before its own.

    Raises:
        SettingsError: with every fault of the file: unknown keys, wrong kinds, a missing form or theme.
    """
    around = surroundings or Surroundings.of(path.parent, notebook)
    workspace, declared, common = around.workspace, around.declared, around.common
    values, document = _values(path)
    left = {key: value for key, value in common.items() if key in declared and not values.get(key)}
    values |= left
    named = values.get("profile") or ""
    if profile and "profile" in declared:
        values["profile"] = profile
    faults = [_unknown(key, declared, document) for key in values if key not in declared]
    wrong = {
        key: fault
        for key, value in values.items()
        if key in declared and (fault := _wrong_kind(key, value, declared[key], document))
    }
    settings = DEFAULTS | {key: declared[key] for key in KNOWN[1:] if declared.get(key)}
    settings |= {key: values[key] for key in KNOWN if key in values and key not in wrong}
    faults += [*wrong.values(), *_check(settings, wrong, around, document)]
    if faults:
        raise SettingsError.of(faults)
    theme = settings["theme"]
    return Params(
        name=path.stem,
        path=path,
        workspace=workspace,
        notebook=around.notebook,
        form=resolve(settings["form"], workspace),
        profile=str(settings["profile"]),
        language=str(settings["language"]),
        theme=resolve(theme, workspace) if theme else None,
        previous=resolve(settings["previous"], workspace) if settings["previous"] else None,
        values=values,
        overruled=str(named) if profile and named != profile else "",
    )


def written(path: Path) -> dict[str, Any]:
    """Give what a params file itself says, checked against nothing.

    Raises:
        SettingsError: it cannot be read, or is no params file.
    """
    return _values(path)[0]


def _values(path: Path) -> tuple[dict[str, Any], Document]:
    """Read the file twice over: for the places of its keys, and typed as papermill would take it."""
    file = shown(path)
    try:
        content = read_written(path)
    except OSError as error:
        raise SettingsError(Fault(say("settings.params.unreadable"), file, got=refused(error))) from None
    try:
        document = parse(content, file)
    except PerfkitError as error:
        raise SettingsError(*error.faults) from None
    values = _typed(content.decode("utf-8-sig"), document)
    if not isinstance(values, dict):
        got = kind_of(values)
        raise SettingsError(
            Fault(say("settings.params.no_params"), file, got=got, expected=say("settings.params.mapping"))
        )
    if "indicators" in values and "form" not in values:
        raise SettingsError(
            Fault(say("settings.params.a_form"), file, hint=say("settings.params.import", file=file),
                  expected=say("settings.params.mapping"))
        )  # fmt: skip
    return {str(key): value for key, value in values.items()}, document


def _typed(text: str, document: Document) -> Any:
    """Give the values of a file that was found plain, typed by YAML's rules.

    Raises:
        SettingsError: a value that looks like a date or a number and is none.
    """
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return document.data
        values, faults = {}, []
        for key, value in node.value:
            try:
                if key.tag.endswith(":merge"):
                    faults.append(_no_value(str(key.value), value, document))
                    continue
                name, made = loader.construct_object(key), loader.construct_object(value, deep=True)
                if not _is_plain(made):
                    raise ValueError(key.value)  # noqa: TRY301  # as of any other value that is none
                values[name] = made
            except (yaml.YAMLError, ValueError, OverflowError, TypeError):
                faults.append(_no_value(str(key.value), value, document))
    finally:
        loader.dispose()
    if faults:
        raise SettingsError.of(faults)
    return values


def _no_value(key: str, node: yaml.Node, document: Document) -> Fault:
    got = str(node.value)[:60] if isinstance(node, yaml.ScalarNode) else ""
    hint = say("settings.params.quotes")
    return Fault(say("settings.params.no_value"), document.file, document.place(key), got=got, hint=hint)


def _is_plain(value: Any) -> bool:
    """Tell whether a value can go into a notebook: text, truth, finite numbers, lists and mappings."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int)


_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _LOADER(_BASE):  # type: ignore[misc]
    """Type values as papermill does, a date as the text that stands there, without YAML 1.1's surprises.

    A number with a leading zero (0100, which would be 64) and one with colons (1:30, which would be 90) are
    text; 1e-3 is a number.
    """


_NUMBERS = {
    "int": r"[-+]?(?:0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|0b[01_]+)",
    "float": r"[-+]?(?:(?:0|[1-9][0-9_]*)(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
    r"|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)",
}
_RETYPED = {f"tag:yaml.org,2002:{name}" for name in (*_NUMBERS, "timestamp")}
_LOADER.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag not in _RETYPED]
    for first, known in _BASE.yaml_implicit_resolvers.items()
}
for _name, _pattern in _NUMBERS.items():
    _LOADER.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(f"(?:{_pattern})\\Z"), list("-+0123456789.")
    )


def _unknown(key: str, declared: Mapping[str, Any], document: Document) -> Fault:
    near = get_close_matches(key, declared, n=1)
    hint = say("settings.did_you_mean", name=near[0]) if near else say("settings.params.declare")
    return Fault(
        say("settings.params.unknown", name=key),
        document.file,
        document.place(key),
        expected=", ".join(declared),
        hint=hint,
    )


def _wrong_kind(key: str, value: Any, default: Any, document: Document) -> Fault | None:
    """Compare a value with the kind of its default; a default of None says nothing."""
    number = isinstance(default, int | float) and not isinstance(default, bool)
    right = (
        isinstance(value, int | float) and not isinstance(value, bool)
        if number
        else type(value) is type(default)
    )
    if default is None or right or (value is None and key not in ("form", "profile", "language")):
        return None
    return Fault(
        say("settings.params.kind"),
        document.file,
        document.place(key),
        got=f"{value!r}",
        expected=say("settings.params.kind.expected", kind=kind_of(default), default=repr(default)),
    )


def _check(
    settings: Mapping[str, Any], wrong: Mapping[str, Fault], around: Surroundings, document: Document
) -> list[Fault]:
    faults, workspace = [], around.workspace
    if not settings["form"] and "form" not in wrong:
        faults.append(
            Fault(say("settings.params.no_form_key"), document.file, expected="form: params/forms/NAME.yaml")
        )
    for key in ("form", "theme", "previous"):
        if settings[key] and not is_file(resolve(settings[key], workspace)):
            hint = paths_start(workspace)
            what = say(f"settings.no_{key}")
            faults.append(Fault(what, document.file, document.place(key), got=settings[key], hint=hint))
    if settings["language"] not in LANGUAGES:
        faults.append(
            Fault(say("settings.language"), document.file, document.place("language"),
                  got=repr(settings["language"]), expected=say("settings.zh_or_en"))
        )  # fmt: skip
    if (profile := str(settings["profile"])) not in around.sound:
        found = list(profile_faults(profile, workspace, document))
        faults += found
        if not found:
            around.sound.add(profile)
    return faults
