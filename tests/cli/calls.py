"""A command as a user types it, run in this process: what it prints, on a console of any encoding."""

import contextlib
import io
import sys

from perfkit.cli import cli, main
from perfkit.cli.speaking import speak_in
from perfkit.language import speak


def call(monkeypatch, *arguments, language="zh", encoding="utf-8"):
    """Give the exit status, and what was printed on stdout and on stderr."""
    monkeypatch.setenv("PERFKIT_LANGUAGE", language)
    monkeypatch.setattr(sys, "argv", ["perfkit", *map(str, arguments)])
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n") for _ in range(2)]
    speak(None)
    status = None
    try:
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            main()
    except SystemExit as ended:
        status = ended.code
    finally:
        speak_in("en", cli)
        speak(None)
    for stream in streams:
        stream.flush()
    out, err = (stream.buffer.getvalue().decode(encoding) for stream in streams)
    return status, out, err
