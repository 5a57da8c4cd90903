"""A process that has everything imported: what forks of it start from.

Only what may cross a fork is done here: imports, caches, fonts, a kernel that sleeps. No thread, no
event loop, no socket. What a report costs beyond its own cells is decided by how much is warm.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from perfkit.batch.job import Job
    from perfkit.batch.kernel import WireKernelApp

BACKEND = "module://matplotlib_inline.backend_inline"  # what IPKernelApp sets
GRAMMAR = "rfc3987_syntax"
MODULES = [
    "faulthandler",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",  # what Pillow loads with the first picture
    "pandas",
    "pandas.io.formats.style",
    "pandas.io.formats.html",
    "IPython.core.pylabtools",
    "IPython.core.completer",
    "IPython.core.logger",
    "asyncio.selector_events",
    "concurrent.futures.thread",
    "multiprocessing.synchronize",
    "tornado.platform.asyncio",
    "nbclient.output_widget",
    "papermill.execute",
    "nbformat.v4",
    "nbconvert.exporters.html",
    "ipywidgets",
    "perfkit.readers",
    "perfkit.scoring",
    "perfkit.checks",
    "perfkit.narrative",
    "perfkit.profile",
    "perfkit.params",
    "perfkit.display",
    "perfkit.display.figures",
    "perfkit.display.frames",
    "perfkit.display.tables",
    "perfkit.publish",
]


_kernel: list[WireKernelApp] = []


def warm(samples: Callable[[], Sequence[Job]] = tuple) -> None:
    """Import and prepare everything that every report needs, once; rehearse on what the run is about.

    `samples` waits until that is known.
    """
    os.environ.setdefault("MPLBACKEND", BACKEND)
    from perfkit.batch.kernel import as_in_a_cell, make_kernel

    gc.disable()  # what is imported stays
    _kernel.append(make_kernel())
    with as_in_a_cell(_kernel[0]):
        import_modules()
    gc.enable()
    gc.collect()
    from perfkit.batch.rehearsal import rehearse

    _warm_publish()
    rehearse(samples(), _kernel[0].shell)
    gc.collect()
    gc.freeze()


def import_modules() -> None:
    """Import what reports need."""
    with later_grammar():
        importlib.import_module("jsonschema")
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ImportError:  # warmth only: the cell that needs it will say so
            continue


@contextmanager
def later_grammar() -> Iterator[None]:
    """Let jsonschema, imported meanwhile, load `rfc3987_syntax` when it first checks an address.

    Loading it compiles a grammar for more than a second, which no notebook asks for.
    """
    if GRAMMAR in sys.modules or find_spec(GRAMMAR) is None:
        yield
        return
    stand_in = ModuleType(GRAMMAR)
    vars(stand_in)["is_valid_syntax"] = lambda *of: importlib.import_module(GRAMMAR).is_valid_syntax(*of)
    sys.modules[GRAMMAR] = stand_in
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]


def _warm_publish() -> None:
    try:
        importlib.import_module("perfkit.publish").warm()
    except Exception:  # noqa: BLE001  # warmth only: the report that needs it will fail with the cause
        return


def is_warm() -> bool:
    """Tell whether this process can fork kernels."""
    return bool(_kernel)


def be_kernel(wire: Connection, memory: int | None) -> None:
    """Be a kernel on this wire until it ends; never return."""
    from perfkit.batch.kernel import run_kernel
    from perfkit.batch.limits import limit_memory

    status = 1
    try:
        limit_memory(memory)
        run_kernel(_kernel[0], wire)
        status = 0
    finally:
        os._exit(status)
