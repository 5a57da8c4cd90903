"""Which params files are meant, on a disk or on a store, and that they and what they name are here.

On a store the folder of params is seen in one listing; only what has to be read is brought, and what the
params name (form, theme, profile) with it, many at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit import stores
from perfkit.errors import Fault, SettingsError
from perfkit.workspace import NOTEBOOK, PARAMS, find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfkit.stores.mount import Mount

SUFFIXES = (".yaml", ".yml", ".json")
NAMED = ("form", "theme", "profile")
BESIDE = ("logo", "fonts")  # what a theme names, from its own folder


def find(paths: Sequence[str | Path]) -> list[Path]:
    """Find the params files that the paths mean: a file, the files of a folder, or those a glob matches.

    Raises:
        SettingsError: a path that means nothing.
        MachineError: a store that cannot be reached.
    """
    found: dict[Path, None] = {}
    faults = []
    for given in paths:
        path = stores.local_path(given)
        files = _on_store(path) if stores.is_remote(given) else _on_disk(path)
        if not files:
            faults.append(
                Fault("no params file here", str(given), expected="a params file, a folder, or a glob",
                      hint="perfkit init makes a workspace with an example")
            )  # fmt: skip
        found |= dict.fromkeys(files)
    if faults:
        raise SettingsError(*faults)
    return list(found)


def _on_disk(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file.absolute() for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    if path.exists():
        return [path.absolute()]
    if _is_glob(path):
        anchor = Path(path.anchor) if path.is_absolute() else Path()
        pattern = str(path.relative_to(path.anchor)) if path.is_absolute() else str(path)
        return sorted(file.absolute() for file in anchor.glob(pattern) if file.suffix.lower() in SUFFIXES)
    return []


def _is_glob(path: Path) -> bool:
    return any(mark in str(path) for mark in "*?[")


def _on_store(path: Path) -> list[Path]:
    mount = stores.current()
    folder = _folder(path, mount)
    mount.look(folder)
    _bring_common(folder.parent, mount)
    seen = mount.seen(folder)
    if path in seen:
        return [path]
    matching = [one for one in seen if (one.match(str(path)) if _is_glob(path) else one.parent == path)]
    return sorted(one for one in matching if one.suffix.lower() in SUFFIXES)


def _folder(path: Path, mount: Mount) -> Path:
    """Give the folder to look at: the params folder that a path is or lies in, else the path's own."""
    inside = [place for place in (path, *path.parents) if place != mount.root and mount.holds(place)]
    params = [place for place in inside if place.name == PARAMS]
    plain = [place for place in inside if not _is_glob(place)]
    alone = plain[1:] if plain[0] == path and path.suffix.lower() in SUFFIXES else plain
    return (params or alone)[0]


def _bring_common(workspace: Path, mount: Mount) -> None:
    """Bring what every report of a workspace needs: its notebook and its own profiles, if it has any."""
    if workspace == mount.root or not mount.holds(workspace.parent):
        return
    notebooks, profiles = workspace / "notebooks", workspace / "profiles"
    mount.look(profiles)
    mount.bring([notebooks / NOTEBOOK, *mount.seen(profiles)])


def bring(paths: Iterable[Path]) -> None:
    """Bring params files that lie on a store, and what they name there."""
    mount = stores.current()
    params = [path for path in paths if mount.holds(path)]
    mount.bring(params)
    named = {path: _named(path, _values(path), NAMED) for path in params}
    mount.bring(one for found in named.values() for one in found.values())
    themes = {found["theme"] for found in named.values() if "theme" in found}
    beside = [one for theme in themes for one in _beside(theme, mount)]
    mount.bring(beside)


def _named(path: Path, values: dict[str, Any], keys: Iterable[str]) -> dict[str, Path]:
    """Give the objects that a params file names."""
    workspace = find_workspace(path.parent)
    places = {key: str(values[key]) for key in keys if values.get(key)}
    return {
        key: stores.local_path(place) if stores.is_url(place) else workspace / place
        for key, place in places.items()
        if stores.is_remote(place) or "." in place
    }


def _beside(theme: Path, mount: Mount) -> Iterable[Path]:
    values = _values(theme)
    for key in BESIDE:
        if values.get(key):
            place = theme.parent / str(values[key])
            mount.look(place)
            yield from (place, *mount.seen(place))


def _values(path: Path) -> dict[str, Any]:
    """Give what a file says, nothing where it is wrong: the reading proper tells why."""
    import yaml

    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return values if isinstance(values, dict) else {}
