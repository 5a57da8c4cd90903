"""Every language that a block of the documentation may have, and how a block of it is held true.

A block is *followed*: console lines and scripts by bash, Python by Python, a file by what perfkit reads
such files with. A language that is not here fails, and so does a block that has none.
"""

import re
import shlex
import tomllib
from datetime import UTC, datetime
from typing import NamedTuple

import kubernetes_validate
import yaml
from cronsim import CronSim
from markdown_it import MarkdownIt

import perfkit
from perfkit import plugins
from perfkit.narrative.voice import own_words
from perfkit.params import load_params, shared
from perfkit.publish.theme import load_theme

HEAD = re.compile(r"(?:#!.*\n)?# (?P<path>[\w./-]+)\n")
SERVER = re.compile(r"jupyter lab\b")
PREVIEW = re.compile(r"perfkit preview\b")  # serves until it is ended
ERRORS_FOUND = re.compile(r"perfkit (check|verify)\b")  # exits with 1 where it found something: it ran


class Block(NamedTuple):
    """Hold a block of a page: its language, its text, its line, and the file that its first line names."""

    language: str
    text: str
    line: int

    @property
    def path(self):
        head = HEAD.match(self.text)
        return head["path"] if head else None


def blocks(page):
    """Give every block of a Markdown page, indented ones as well."""
    tokens = MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))
    return [
        Block(token.info.strip(), token.content, token.map[0] + 1)
        for token in tokens
        if token.type in {"fence", "code_block"}
    ]


def commands(block):
    """Give the commands of a console block, each with the output that is shown below it."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"line {block.line}: a console block starts with a command"
    typed = (part.partition("\n") for part in parts[1:])
    return [(re.split(r"\s+# ", command)[0].strip(), output) for command, _, output in typed]


def console(block, session):
    for command, output in commands(block):
        follow(command, session, output)


def follow(command, session, output=""):
    """Run a command to its end, or a server until it serves."""
    if SERVER.match(command):
        serve(command, session)
    elif PREVIEW.match(command):
        see(command, session)
    else:
        session.must(command, output, (0, 1) if ERRORS_FOUND.match(command) else (0,))


def see(command, session):
    """Start a preview, fetch the page from the address that it prints, and end it."""
    session.must(f"rm -f preview.log; {command} --no-open > preview.log 2>&1 &")
    waiting = "until grep -q http:// preview.log; do kill -0 $! && sleep 0.2 || exit; done"
    address = "$(grep -o 'http://[^ ]*' preview.log | head -1)"
    fetch = f'python -c "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()" "{address}"'
    session.must(f"{waiting}; {fetch}")
    session.must("kill $!; wait $! || true")


def serve(command, session):
    """Start a server, wait until it lists itself, and end it."""
    session.must(f"{command} > server.log 2>&1 &")
    waiting = "until jupyter server list --json | grep -q '\"url\"'; do kill -0 $! && sleep 0.2 || exit; done"
    session.must(f"{waiting}; kill $!; wait $! || true")


def script(block, session):
    """Write a script where its first line says; a page runs it by a command."""
    keep(block, session)
    session.must(f"bash -n {block.path}")


def python(block, session):
    path = session.folder / f"line-{block.line}.py"
    path.write_text(block.text, encoding="utf-8")
    session.must(f"python {path.name}")


def crontab(block, session):
    """Run what cron would: the schedule must be one, and the command runs in cron's own bare surroundings."""
    for line in block.text.splitlines():
        if not line or line.startswith("#"):
            continue
        *schedule, command = line.split(None, 5)
        assert next(CronSim(" ".join(schedule), datetime.now(UTC)))
        assert "%" not in command, "a line end to cron"
        bare = 'env -i HOME="$HOME" LOGNAME=office PATH=/usr/bin:/bin SHELL=/bin/sh'
        session.must(f"{bare} /bin/sh -c {shlex.quote(command)}")


def usage(block, session):
    """Hold a command's help to be what it prints, and its examples to run."""
    head = re.match(r"Usage: perfkit (\w+)", block.text)
    assert head, f"line {block.line}: a text block is the help of a command"
    assert session.must(f"perfkit {head[1]} --help").strip() == block.text.strip()
    examples = re.search(r"Examples?:\n((?:    .*\n)+)", block.text)
    for line in examples[1].splitlines():
        follow(line.strip(), session)


def keep(block, session):
    assert block.path, f"line {block.line}: the first line names the file, as in # params/ours.yaml"
    path = session.folder / block.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
    return path


def settings(block, session):
    """Load a YAML file by what perfkit loads such a file with, told by its place."""
    path = keep(block, session)
    kind = block.path.split("/")[0] if "/" in block.path else block.path.removesuffix(".yaml")
    if block.path.startswith("params/forms/"):
        kind = "forms"
    LOADERS[kind](path)


def entry_points(block, _session):
    """Hold every group of entry points to be one that perfkit looks up."""
    for group, points in tomllib.loads(block.text)["project"]["entry-points"].items():
        assert group in plugins.GROUPS
        assert all(re.fullmatch(r"[\w.]+(:\w+)?", where) for where in points.values())


def cluster(path):
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)


LOADERS = {
    "forms": perfkit.read,
    "params": load_params,
    "profiles": lambda path: perfkit.load_profile(str(path)),
    "theme": lambda path: load_theme(path.name, path.parent),
    "words": own_words,
    "perfkit": lambda path: shared(path.parent),
    "kubernetes": cluster,
}


def site(_block, _session):
    """Leave a directive to the site's own build, where a warning is an error."""


RUNNERS = {
    "console": console,
    "bash": script,
    "python": python,
    "crontab": crontab,
    "text": usage,
    "toml": entry_points,
    "yaml": settings,
    "{toctree}": site,
    "{code-block} text": site,  # a picture made of characters
    "{eval-rst}": site,
}
