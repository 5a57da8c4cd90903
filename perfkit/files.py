"""How perfkit treats files: it writes them whole or not at all, and reads no more than a person would write.

A file is written beside its place, then renamed. A file that a person wrote is no pipe and no device, has a
bounded size, and its YAML holds nothing by which a small file becomes a large one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable

from perfkit.language import Text, spoken
from perfkit.text import say
from perfkit.workspace import is_file, is_folder, is_there

LARGEST = 5_000_000  # bytes of a file that a person writes
DEEPEST = 20  # levels of its YAML
FAR = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "davfs", "fuse.", "lustre", "glusterfs", "vboxsf", "prl_fs")
REMOTE_DRIVE = 4  # what Windows calls a network drive
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\s]+')
_LONGEST = 80


def safe_stem(text: str, otherwise: str = "form") -> str:
    """Give a text as the name of a file without its ending, on any system; `otherwise` where none is left."""
    return _UNSAFE.sub("-", text).strip(".-")[:_LONGEST] or otherwise


def free_stem(name: str, used: set[str]) -> str:
    """Give a name that is not in `used` yet, on systems that fold case as well, and put it there."""
    candidate, count = name, 1
    while candidate.casefold() in used:
        count += 1
        candidate = f"{name}-{count}"
    used.add(candidate.casefold())
    return candidate


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all, also through a crash; folders are made as needed."""
    try:
        _write_atomic(path, content)
    except OSError as error:  # of the file beside it, which nobody knows
        if Path(str(error.filename)).name.startswith(_beside(path)):
            error.filename, error.filename2 = str(path), None
        raise


def _beside(path: Path) -> str:
    return f".{path.name[:40]}."


def _write_atomic(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=_beside(path), suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def opened(path: Path) -> BinaryIO:
    """Open a file to be read; a name that no file can have is that of none.

    Raises:
        OSError: it cannot be opened.
    """
    try:
        return path.open("rb")
    except ValueError:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from None


def read_written(path: Path) -> bytes:
    """Give the bytes of a file that a person wrote, such as params or a profile.

    Raises:
        OSError: it cannot be read, is a folder, a pipe or a device, or larger than any person writes.
    """
    if is_there(path) and not (is_file(path) or is_folder(path)):
        raise OSError(0, say("faults.pipe_device_not_file"), str(path))
    with opened(path) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(0, say("faults.larger", size=f"{LARGEST:,}"), str(path))
    return content


def is_far(path: Path) -> bool:
    """Tell whether a file lies on a network drive."""
    if sys.platform == "win32":
        import ctypes

        kind = ctypes.windll.kernel32.GetDriveTypeW(path.anchor)
        return str(path).startswith("\\\\") or bool(kind == REMOTE_DRIVE)
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    here = Path(os.path.realpath(path.parent))
    found = [line.split(" ")[1:3] for line in mounts]
    over = [(len(place), kind) for place, kind in found if here.is_relative_to(place)]
    return max(over, default=(0, ""))[1].startswith(FAR)


def hash_of_sources(places: Iterable[Path]) -> Any:
    """Hash code and data of perfkit's own: the files named, and all in the folders named."""
    hashed = hashlib.sha256()
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*.*")):
            if path.suffix != ".pyc" and path.name[0] != "." and path.is_file():
                hashed.update(path.relative_to(place.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return hashed


def plain_yaml(text: str) -> str:
    """Give a YAML text back, once it is known to hold no alias, no tag and no endless nesting.

    Raises:
        yaml.YAMLError: it is no YAML, or holds one of these; with its line.
    """
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise _not_allowed(say("faults.alias_name"), event)
        if (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise _not_allowed(say("faults.tag", tag=tag), event)
        if depth > DEEPEST:
            raise _not_allowed(say("faults.nested_too_deeply"), event)
    return text


def _not_allowed(what: Text, event: Any) -> Exception:
    from yaml.composer import ComposerError

    told = say("faults.not_allowed_here", what=what)
    error = ComposerError(None, None, told[spoken()], event.start_mark)
    error.told = told  # type: ignore[attr-defined]  # in both languages, for whoever tells of it
    return error
