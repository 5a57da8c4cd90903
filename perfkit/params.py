"""A params file: which form, by which profile, in which language; what `papermill -f` takes.

Which keys there may be is said by the `parameters` cell of the report notebook, so that an analyst's own
notebook brings its own parameters, and a misspelt one is an error here, not a line in a log.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import yaml

from perfkit.errors import Fault, PerfkitError, SettingsError, refused
from perfkit.language import LANGUAGES
from perfkit.readers.document import Document, parse
from perfkit.workspace import find_workspace, report_notebook, resolve, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFAULTS: dict[str, Any] = {"form": None, "profile": "mof-2020", "language": "zh", "theme": "", "code": False}
KNOWN = tuple(DEFAULTS)


@dataclass(frozen=True, slots=True)
class Params:
    """Hold the parameters of one report; `values` is what the notebook is run with, as papermill takes it.

    `name` names the outputs (the params file's stem); `form` and `theme` are found files.
    """

    name: str
    path: Path
    workspace: Path
    notebook: Path
    form: Path
    profile: str
    language: str
    theme: Path | None
    values: Mapping[str, Any]


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
            Fault("the notebook's parameters cannot be read", shown(notebook), got=repr(error),
                  expected="a notebook with a cell tagged 'parameters' that assigns the defaults")
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


def load_params(path: Path, notebook: Path | None = None) -> Params:
    """Read and check a params file against its notebook and its workspace.

    Raises:
        SettingsError: with every fault of the file: unknown keys, wrong kinds, a missing form or theme.
    """
    workspace = find_workspace(path.parent)
    notebook = notebook or report_notebook(workspace)
    declared = notebook_parameters(notebook)
    values, document = _values(path)
    faults = [_unknown(key, declared, document) for key in values if key not in declared]
    wrong = {
        key: fault
        for key, value in values.items()
        if key in declared and (fault := _wrong_kind(key, value, declared[key], document))
    }
    settings = DEFAULTS | {key: declared[key] for key in KNOWN[1:] if key in declared}
    settings |= {key: values[key] for key in KNOWN if key in values and key not in wrong}
    faults += [*wrong.values(), *_check(settings, wrong, workspace, document)]
    if faults:
        raise SettingsError.of(faults)
    theme = settings["theme"]
    return Params(
        name=path.stem,
        path=path,
        workspace=workspace,
        notebook=notebook,
        form=resolve(settings["form"], workspace),
        profile=str(settings["profile"]),
        language=str(settings["language"]),
        theme=resolve(theme, workspace) if theme else None,
        values=values,
    )


def _values(path: Path) -> tuple[dict[str, Any], Document]:
    """Read the file twice over: for the places of its keys, and typed as papermill would take it."""
    file = shown(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(Fault("the params file cannot be read", file, got=refused(error))) from None
    try:
        document = parse(content, file)
    except PerfkitError as error:
        raise SettingsError(*error.faults) from None
    values = yaml.safe_load(content.decode("utf-8-sig"))
    if not isinstance(values, dict):
        got = "nothing" if values is None else type(values).__name__
        raise SettingsError(
            Fault(
                "not a params file", file, got=got, expected="a mapping such as form: params/forms/NAME.yaml"
            )
        )
    if "indicators" in values and "form" not in values:
        raise SettingsError(
            Fault("a form file, not a params file", file, hint=f"perfkit import {file} makes its params file",
                  expected="a mapping such as form: params/forms/NAME.yaml")
        )  # fmt: skip
    return {str(key): value for key, value in values.items()}, document


def _unknown(key: str, declared: Mapping[str, Any], document: Document) -> Fault:
    near = get_close_matches(key, declared, n=1)
    hint = (
        f"did you mean {near[0]!r}?" if near else "a parameter is declared in the notebook's parameters cell"
    )
    return Fault(
        f"unknown parameter {key!r}",
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
        "not of the right kind",
        document.file,
        document.place(key),
        got=f"{value!r}",
        expected=f"a {_KINDS.get(type(default), type(default).__name__)}, as in the notebook: {default!r}",
    )


_KINDS = {str: "text", bool: "true or false", int: "number", float: "number", list: "list", dict: "mapping"}


def _check(
    settings: Mapping[str, Any], wrong: Mapping[str, Fault], workspace: Path, document: Document
) -> list[Fault]:
    faults = []
    if not settings["form"] and "form" not in wrong:
        faults.append(
            Fault("the key 'form' is missing", document.file, expected="form: params/forms/NAME.yaml")
        )
    for key in ("form", "theme"):
        if settings[key] and not resolve(settings[key], workspace).is_file():
            here = shown(workspace)
            hint = f"paths start at the workspace, {'this folder' if here == '.' else here}"
            faults.append(
                Fault(f"no such {key} file", document.file, document.place(key), got=settings[key], hint=hint)
            )
    if settings["language"] not in LANGUAGES:
        faults.append(
            Fault("unknown language", document.file, document.place("language"),
                  got=repr(settings["language"]), expected="zh or en")
        )  # fmt: skip
    faults += _profile_faults(str(settings["profile"]), workspace, document)
    return faults


def _profile_faults(name: str, workspace: Path, document: Document) -> list[Fault]:
    from perfkit.profile import load_profile

    own = resolve(name, workspace)
    try:
        load_profile(str(own) if own.is_file() else name)
    except PerfkitError as error:
        return [
            Fault(
                f.what,
                f.file or document.file,
                f.place or document.place("profile"),
                f.got,
                f.expected,
                f.hint,
            )
            for f in error.faults
        ]
    return []
