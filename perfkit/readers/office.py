"""Documents of old and other office programs (.doc, .wps, .rtf, .odt …): converted by LibreOffice, then read.

LibreOffice runs once for a document: without a window, in a profile of its own that is thrown away, with
macros and links to other files switched off, and no longer than a minute and a half.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault
from perfkit.processes import program as run_program
from perfkit.readers.container import ask_for
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfkit.readers.grid import Grid

SECONDS = 90
LARGEST_MADE = 100_000_000
# Where it is installed when it is not on the path: a variable of the environment, and what lies below that.
_PLACES = {
    "win32": (
        ("ProgramFiles", "LibreOffice*/program/soffice.exe"),
        ("ProgramFiles(x86)", "LibreOffice*/program/soffice.exe"),
        ("LOCALAPPDATA", "Programs/LibreOffice*/program/soffice.exe"),
    ),
    "darwin": (
        ("", "/Applications/LibreOffice*.app/Contents/MacOS/soffice"),
        ("HOME", "Applications/LibreOffice*.app/Contents/MacOS/soffice"),
    ),
    "linux": (
        ("", "/usr/lib/libreoffice/program/soffice"),
        ("", "/usr/lib64/libreoffice/program/soffice"),
        ("", "/opt/libreoffice*/program/soffice"),
        ("", "/snap/bin/libreoffice"),
    ),
}
_SECURITY = "Common/Security/Scripting"
# Macros are off, links to other documents are never followed.
_SETTINGS = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "2"),
)


def _registry() -> str:
    """Give the settings as LibreOffice keeps them in a profile."""
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    )


def program() -> str | None:
    """Find LibreOffice on this machine: on the path, else where it is usually installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    return next(_installed(sys.platform, os.environ), None)


def _installed(platform: str, environment: Mapping[str, str], root: Path = Path("/")) -> Iterator[str]:
    """Give the programs where a system usually has it, the newest first; `root` is where its disk begins."""
    for variable, pattern in _PLACES.get(platform, ()):
        base = root if not variable else Path(environment.get(variable) or os.devnull)
        found = (path for path in base.glob(pattern.lstrip("/")) if path.is_file())
        yield from (str(path) for path in sorted(found, key=_numbers, reverse=True))


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def version() -> str:
    """Ask LibreOffice for its name and version.

    Raises:
        FileNotFoundError: it is not installed.
        LookupError: it is, and does not run.
    """
    office = program()
    if office is None:
        raise FileNotFoundError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="perfkit-office-", ignore_cleanup_errors=True) as folder:
        status, told = _run([office, "--version"], Path(folder))
    if status != 0:
        raise LookupError(f"{office}: {told[-200:]}")
    return " ".join(told.split()[:2]) or "LibreOffice"  # on Windows it is a window, and tells nothing


def grids(data: bytes, name: str) -> list[Grid]:
    """Read a document of an old or another office program as grids.

    Raises:
        DataError: where LibreOffice is not installed, or cannot convert it.
    """
    from perfkit.readers import docx, xlsx

    ending = _ending(data)
    if ending == "xml":
        return xlsx.grids(_checked(converted(data, name, ending, "xlsx"), name), name)
    return docx.grids(_checked(converted(data, name, ending, "docx"), name), name)


def _ending(data: bytes) -> str:
    """Tell what a document is by how it begins; .wps is what WPS calls .doc."""
    for begin, ending in ((b"{\\rtf", "rtf"), (b"PK", "odt"), (b"\xd0\xcf\x11\xe0", "doc")):
        if data.startswith(begin):
            return ending
    return "xml"


def _checked(data: bytes, name: str) -> bytes:
    import zipfile
    from io import BytesIO

    from perfkit.readers.container import check_package

    with zipfile.ZipFile(BytesIO(data)) as archive:
        check_package(archive, name)
    return data


def converted(data: bytes, name: str, ending: str, wanted: str) -> bytes:
    """Give a document as another kind of document."""
    office = program()
    if office is None:
        raise DataError(
            Fault(
                say("faults.document_read_through_libreoffice", ending=ending),
                name,
                hint=say("faults.install_libreoffice_save_document"),
            )
        )
    ask_for(SECONDS)
    with tempfile.TemporaryDirectory(prefix="perfkit-office-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        settings = place / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_registry(), encoding="utf-8")
        source = place / f"form.{ending}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
        quiet = ["--headless", "--norestore", "--nologo", "--nolockcheck"]
        target = ["--convert-to", wanted, "--outdir", str(place / "made")]
        _, told = _run([office, profile, *quiet, *target, str(source)], place)
        made = place / "made" / f"form.{wanted}"
        if not made.is_file() or made.stat().st_size > LARGEST_MADE:
            raise DataError(
                Fault(
                    say("faults.libreoffice_cannot_convert_document"),
                    name,
                    got=told[-200:],
                    hint=say("faults.open_word_wps_save_docx"),
                )
            )
        return made.read_bytes()


def _run(command: list[str], folder: Path) -> tuple[int | None, str]:
    """Run the office program within its bounds of time, at home in a folder of its own.

    Gives its exit status, None where it was ended, and what it told.
    On Linux it is a script, which needs the system's own programs even where the path lacks them.
    """
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LD_", "PYTHON"))}
    path = os.pathsep.join(filter(None, (clean.get("PATH"), os.defpath)))
    own = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": path}
    return run_program(command, folder, clean | own, SECONDS)
