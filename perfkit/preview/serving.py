"""The page shown to the browser of this machine, and to nobody else.

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
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.locks import Condition
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from perfkit.language import spoken
from perfkit.text.catalogue import in_language

if TYPE_CHECKING:
    from perfkit.preview.making import Page

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
