"""What was read of a document, kept by the digest of its bytes, so that an unchanged one is not opened again.

A run keeps readings beside its ledger and tells its processes where (`PLACE`); there `perfkit.read` takes
what was kept. Elsewhere nothing is kept, and a document is opened. A reading is as good as the readers that
made it: another version of them, or of a library they read with, knows nothing of it.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit import plain
from perfkit.files import hash_of_sources, write_atomic
from perfkit.plugins import packages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.form import Form

PLACE = "PERFKIT_READINGS"
LIBRARIES = (
    "python-calamine", "openpyxl", "python-docx", "lxml", "pdfplumber", "pdfminer.six", "pypdfium2",
    "tinycss2", "cssselect", "rapidocr", "onnxruntime",
)  # fmt: skip
SOURCES = ("readers", "text", "values", "form.py", "levels.py", "language.py")


@cache
def readers_version() -> str:
    """Give a digest of the readers: their code, the libraries that they read with, and what others add."""
    hashed = hash_of_sources([Path(__file__).parents[1] / part for part in SOURCES])
    for library in LIBRARIES:
        with suppress(PackageNotFoundError):
            hashed.update(f"{library} {installed(library)}\0".encode())
    for package, version in sorted(packages().items()):
        hashed.update(f"{package} {version}\0".encode())
    return str(hashed.hexdigest())[:16]


def digest_of(content: bytes) -> str:
    """Give the digest that a document's reading is kept by."""
    return hashlib.sha256(content).hexdigest()[:32]


def keep(folder: Path, forms: Sequence[Form]) -> None:
    """Keep what was read of a document; a disk that refuses makes it be opened again, no more."""
    with suppress(OSError):
        write_atomic(folder / forms[0].source.sha256[:32], zlib.compress(plain.dumps(list(forms)), 1))


def kept(folder: Path, digest: str, name: str) -> list[Form] | None:
    """Give what was read of a document whose file is now called `name`; None where nothing whole is kept."""
    try:
        forms: list[Form] = plain.loads(zlib.decompress((folder / digest).read_bytes()))
        return [replace(form, source=replace(form.source, file=name)) for form in forms]
    except (OSError, ValueError, TypeError, AttributeError, ImportError, zlib.error):
        return None


def kept_here(content: bytes, name: str) -> list[Form] | None:
    """Give what the run that this process belongs to has kept of a document."""
    place = os.environ.get(PLACE)
    return kept(Path(place), digest_of(content), name) if place else None
