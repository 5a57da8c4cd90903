"""What is done once, in the fork server, so that a fork of it can be a kernel at once.

A kernel that cannot be made here is no harm: why is remembered, a fork that should become one says so, the
canary hears it, and notebooks run on the standard kernel.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from perfkit.processes.process import home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WARM = "perfkit.kernel.warming:warm"
KERNEL = "perfkit.kernel.warming:be_kernel"
BACKEND = "module://matplotlib_inline.backend_inline"  # what IPKernelApp sets
SECONDS = 20.0  # in which a kernel must be made
GRAMMAR = "rfc3987_syntax"
MODULES = (  # what the kernel, its client and most notebooks load
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
    "ipywidgets",
    "perfkit.kernel.canary",
    "perfkit.kernel.fork_engine",
)
_made: dict[str, Any] = {}


def warm(modules: Iterable[str] = ()) -> None:
    """Make the kernel that forks will wake, and import what most notebooks load, and `modules`."""
    os.environ.setdefault("MPLBACKEND", BACKEND)
    gc.disable()  # what is imported stays
    try:
        from perfkit.kernel.app import as_in_a_cell, make_kernel

        if home.second:
            raise RuntimeError("a process that made a kernel has died")  # noqa: TRY301  # as if it had failed here
        with _within(SECONDS):
            _made["app"] = make_kernel()
        with as_in_a_cell(_made["app"]):
            _import([*MODULES, *modules])
        _made["app"].rehearse()
    except Exception as error:  # noqa: BLE001  # whatever is off here the canary will meet, and tell
        _made.clear()
        _made["broken"] = f"{type(error).__name__}: {error}"
        _import([*MODULES, *modules])
    gc.enable()


def be_kernel(connection: Any) -> None:
    """Be a kernel on this connection until it ends."""
    if "app" not in _made:
        sys.stderr.write(_made.get("broken", "no kernel was made here") + "\n")
        sys.stderr.flush()
        os._exit(1)
    from perfkit.kernel.app import run_kernel

    os.environ.setdefault("MPLBACKEND", BACKEND)
    run_kernel(_made["app"], connection)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in what is done meanwhile if it takes longer."""

    def late(*_: Any) -> None:
        raise TimeoutError(f"a kernel was not made in {seconds:g} s")

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _import(modules: Iterable[str]) -> None:
    with _later_grammar():
        importlib.import_module("jsonschema")
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112  # warmth only: the cell that needs it will say so
            continue


@contextmanager
def _later_grammar() -> Iterator[None]:
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
