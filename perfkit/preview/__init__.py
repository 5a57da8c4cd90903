"""A report in the browser, made anew as what it is made from is saved.

Each page is made by a process of its own, forked before the save, so that no earlier notebook, profile or
theme is remembered.

A file that another program holds open, or has written only half of, is tried again for a moment before it
counts as wrong. What is wrong is told on the page, in the reader's language.

A unit's own file is read once and reported on as `import` would set it down. The one that a form file was
imported from is taken in its place while it is the newer, and the page says so; neither file is changed.

What counts is that a file is another than it was: nothing saved while a report is made goes unseen, and a
shared folder that tells no changes is looked at every second.

The server listens on the loopback address, answers only to its own name (no other page can make a name
point here) and under a path that nobody can guess, and serves three things: the frame, the report in it, and
word of the next one. It opens no file that a request names.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import json
import secrets
import tempfile
import time
from contextlib import AbstractContextManager, ExitStack, aclosing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.locks import Condition
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler
from watchfiles import awatch

from perfkit.batch.inputs import shared_files
from perfkit.batch.job import Job
from perfkit.batch.workers import LocalWorkers
from perfkit.errors import PerfkitError
from perfkit.form import FORM_FILES, with_checked, with_set_aside
from perfkit.language import spoken
from perfkit.params import is_params, load_params, settings, shared, words_files
from perfkit.readers import form_yaml, read, read_all
from perfkit.text import say
from perfkit.text.catalogue import in_language
from perfkit.workspace import SHARED, find_workspace, is_file, report_notebook, resolve, shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from perfkit.form import Form

__all__ = ["Maker", "Page", "Server", "preview"]


TRIES = 5
BETWEEN_TRIES = 0.25  # seconds
SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Page:
    """Hold the report as made, or what is wrong; `seconds` is what it took, `note` what is to be known."""

    html: bytes = b""
    fault: str = ""
    seconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Hold what the report is made from."""

    name: str
    notebook: Path
    form: Path
    profile: str
    language: str
    theme: str
    workspace: Path
    values: dict[str, object]

    def inputs(self) -> set[Path]:
        """Give the files: those that the values name, such as the form of the year before, among them."""
        values = (value for value in self.values.values() if isinstance(value, str))
        named = (resolve(name, self.workspace) for name in (self.profile, self.theme, *values) if name)
        common = [*shared_files(self.workspace), *words_files(self.theme, self.workspace)]
        return {self.notebook, self.form, *common, *(path for path in named if path.is_file())}


class Maker(AbstractContextManager["Maker"]):
    """Make the report of a PATH, a form in any format or a params file."""

    def __init__(self, path: Path, profile: str = "") -> None:
        self.path, self.profile = path.absolute(), profile
        self.workspace = find_workspace(self.path.parent)
        self._stack = ExitStack()
        self._workers = LocalWorkers()  # which warm up while the form is read
        self._stack.enter_context(self._workers)
        self._rehearsed = False
        self._inputs: set[Path] = set()
        self._drafts = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="perfkit-")))

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def inputs(self) -> set[Path]:
        """Give the files whose saving makes the report anew."""
        return {self.path, self.workspace / SHARED} | self._inputs

    def make(self) -> Page:
        """Make the page; a file that cannot be read is tried again for a moment."""
        begun = time.monotonic()
        for left in reversed(range(TRIES)):
            try:
                wanted = self._wanted()
                self._inputs = wanted.inputs()
                wanted, note = self._read(wanted)
                break
            except (PerfkitError, OSError) as error:
                self._inputs |= self._named_by(error)
                if not left:
                    return Page(fault=str(error), seconds=time.monotonic() - begun)
                time.sleep(BETWEEN_TRIES)
        page = self._made(wanted)
        return Page(page.html, page.fault, time.monotonic() - begun, note)

    def get_ready(self) -> None:
        """Have the process of the next page wait for it, so that its start is not waited for."""
        self._workers.get_ready()

    def _read(self, wanted: _Wanted) -> tuple[_Wanted, str]:
        """Read the form; give what is reported on, with a note where the form file is not."""
        form, note = read(wanted.form), ""
        if wanted.form.suffix.lower() in FORM_FILES:
            own = resolve(form.source.origin, self.workspace) if form.source.origin else wanted.form
            self._inputs |= {own}
            newer = _newer(form, own, wanted.form)
            if newer is None:
                return wanted, ""
            form = with_checked(with_set_aside(newer, form), form)
            note = say("preview.own_file", file=shown(own), form=shown(wanted.form))[spoken()]
        draft = self._drafts / f"{wanted.form.stem}.yaml"
        draft.write_text(form_yaml(form), encoding="utf-8")
        return replace(wanted, form=draft, values=wanted.values | {"form": str(draft)}), note

    def _named_by(self, error: PerfkitError | OSError) -> set[Path]:
        """Give the files that a fault names, or misses: mending one of them is a save as well."""
        faults = error.faults if isinstance(error, PerfkitError) else ()
        named = {str(part) for fault in faults for part in (fault.file, fault.got) if part}
        return {resolve(name, self.workspace).absolute() for name in named if name.isprintable()}

    def _wanted(self) -> _Wanted:
        if is_params(self.path):
            params = load_params(self.path, profile=self.profile)
            theme = str(params.theme or "")
            return _Wanted(params.name, params.notebook, params.form, params.profile,
                           params.language, theme, params.workspace, dict(params.values))  # fmt: skip
        common = shared(self.workspace)
        chosen = settings(self.profile or common.profile, common.language, common.theme)
        notebook = (
            resolve(common.notebook, self.workspace) if common.notebook else report_notebook(self.workspace)
        )
        values = {"form": str(self.path), "profile": chosen.profile, "language": chosen.language}
        if chosen.theme:
            values["theme"] = chosen.theme
        return _Wanted(self.path.stem, notebook, self.path, chosen.profile, chosen.language, chosen.theme,
                       self.workspace, dict(values))  # fmt: skip

    def _made(self, wanted: _Wanted) -> Page:
        job = Job(
            name=wanted.name, notebook=str(wanted.notebook), values=wanted.values, form=str(wanted.form),
            profile=wanted.profile, language=wanted.language, folder=str(wanted.workspace), formats=("html",),
            drafts={kind: str(self._drafts / f"report.{kind}") for kind in ("html", "ipynb")},
            seconds=SECONDS, kept=False,
        )  # fmt: skip
        if not self._rehearsed:
            self._workers.open(1, [(wanted.profile, wanted.language, str(wanted.workspace))])
            self._rehearsed = True
        outcome = self._workers.make_one(job)
        if outcome.failure is not None:
            return Page(fault=outcome.failure.error)
        return Page(html=Path(outcome.files["html"][0]).read_bytes())


def _newer(form: Form, own: Path, file: Path) -> Form | None:
    """Give what the unit's own file says, where it is later than the form file and has changed."""
    if own == file or not is_file(own) or own.stat().st_mtime_ns <= file.stat().st_mtime_ns:
        return None
    forms = read_all(own)
    now = [each for each in forms if each.project == form.project] or forms
    same = len(now) != 1 or now[0].source.sha256 == form.source.origin_sha256
    return None if same else now[0]


# which files were saved: their folders are watched, since programs replace a file rather than write in it


QUIET = 60  # milliseconds without a change, after which a save is over
STEP = 20
AT_LEAST = 1000  # milliseconds after which the files are looked at, whatever the system tells

Stamp = tuple[int, int] | None


def stamps(paths: set[Path]) -> dict[Path, Stamp]:
    """Give what tells a file from an earlier one of its name; None where there is none."""
    found: dict[Path, Stamp] = {}
    for path in paths:
        try:
            stat = path.stat()
            found[path.absolute()] = (stat.st_mtime_ns, stat.st_size)
        except OSError:
            found[path.absolute()] = None
    return found


async def saved(inputs: Callable[[], set[Path]], seen: dict[Path, Stamp]) -> AsyncIterator[set[Path]]:
    """Yield the inputs that are others than `seen`, as often as some are; what they are is asked anew."""
    while True:
        now = stamps(inputs())
        changed = {path for path, stamp in now.items() if seen.get(path, stamp) != stamp}
        seen.clear()
        seen |= now
        if changed:
            yield changed
        else:
            await _stirred(set(now))


async def _stirred(paths: set[Path]) -> None:
    """Wait until something happens to one of the files, or long enough."""
    names = {str(path) for path in paths} | {str(path.resolve()) for path in paths}
    folders = {path.parent for path in paths if path.parent.is_dir()}
    if not folders:
        await asyncio.sleep(AT_LEAST / 1000)
        return
    changes = awatch(
        *folders, watch_filter=lambda _, path: path in names, debounce=QUIET, step=STEP, recursive=False,
        rust_timeout=AT_LEAST, yield_on_timeout=True,
    )  # fmt: skip
    async with aclosing(changes) as watched:
        async for _ in watched:
            return


# the page shown to the browser of this machine, and to nobody else


LOOPBACK = "127.0.0.1"
NAMES = ("127.0.0.1", "localhost")


class Server:
    """Serve one page; `show` gives it a new one, `busy` says that a new one is coming."""

    def __init__(self, port: int = 0) -> None:
        sockets = bind_sockets(port, LOOPBACK)
        self.port = sockets[0].getsockname()[1]
        self.key = secrets.token_urlsafe(16)
        self.html, self.state = b"", {"number": 0, "fault": "", "busy": True, "seconds": "", "note": ""}
        self.changed = Condition()
        here = {"server": self}
        routes = [(f"/{self.key}/{name}", handler, here) for name, handler in _ROUTES.items()]
        self._server = HTTPServer(Application(routes, log_function=lambda _: None))
        self._server.add_sockets(sockets)

    @property
    def address(self) -> str:
        """Give the address to open."""
        return f"http://{LOOPBACK}:{self.port}/{self.key}/"

    def busy(self) -> None:
        """Say that the report is being made."""
        self._tell(busy=True)

    def show(self, page: Page) -> None:
        """Show a report, or above the last good one what is wrong."""
        if page.html:
            self.html = page.html
        number = int(str(self.state["number"])) + bool(page.html)
        self._tell(busy=False, fault=page.fault, number=number, seconds=f"{page.seconds:.1f}", note=page.note)

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.stop()

    def _tell(self, **state: object) -> None:
        self.state = self.state | state
        self.changed.notify_all()


class _Handler(RequestHandler):
    """Answer a request that names this server, and tell the browser to keep nothing and to fetch nothing."""

    def initialize(self, server: Server) -> None:
        """Take the server."""
        self.server = server

    def prepare(self) -> None:
        """Refuse a request under another name."""
        if self.request.host not in {f"{name}:{self.server.port}" for name in NAMES}:
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        """Send what keeps the page to itself."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        self.clear_header("Server")

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say no more than the status."""
        self.finish(f"{status_code}")


class _Frame(_Handler):
    def get(self) -> None:
        """Give the frame, with the script that hears of a new report."""
        page, digest = _frame(spoken())
        self.set_header("Content-Security-Policy", (
            f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
            "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
        ))  # fmt: skip
        self.finish(page)


class _Report(_Handler):
    def get(self) -> None:
        """Give the last good report."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.server.html)


class _Events(_Handler):
    async def get(self) -> None:
        """Tell the state now and each time that it changes, until the browser goes away."""
        self.set_header("Content-Type", "text/event-stream")
        told = None
        while True:
            if told != self.server.state:
                told = self.server.state
                self.write(f"data: {json.dumps(told)}\n\n")
                try:
                    await self.flush()
                except StreamClosedError:
                    return
                continue
            try:
                await self.server.changed.wait()
            except asyncio.CancelledError:  # the preview is stopped, and there is nothing more to tell
                return


_ROUTES = {"": _Frame, "report": _Report, "events": _Events}


@cache
def _frame(language: str) -> tuple[str, str]:
    """Give the frame in a language, and the digest of its script."""
    text = Path(__file__).with_name("frame.html").read_text(encoding="utf-8")
    for key, said in in_language("preview", language).items():
        text = text.replace(f"[[{key}]]", html.escape(said))
    script = text.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return text.replace("[[lang]]", "zh-CN" if language == "zh" else "en"), digest


# a report in the browser, made anew as what it is made from is saved


def preview(path: Path, profile: str, port: int, begun: Callable[[str], None]) -> None:
    """Serve the report of a form or a params file until the process is stopped; `begun` hears its address."""
    asyncio.run(_preview(path, profile, port, begun))


async def _preview(path: Path, profile: str, port: int, begun: Callable[[str], None]) -> None:
    with Maker(path, profile) as maker:
        server = Server(port)
        begun(server.address)
        seen = stamps(maker.inputs())
        server.show(await asyncio.to_thread(maker.make))
        await asyncio.to_thread(maker.get_ready)
        async for _ in saved(maker.inputs, seen):
            server.busy()
            server.show(await asyncio.to_thread(maker.make))
            await asyncio.to_thread(maker.get_ready)
