"""One browser for all of the room's tests, and the reports they look at."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from perfkit.publish import publish
from tests.publish.notebooks import WORKSPACE, report_on, run_report
from tests.publish.odd import ODD


@pytest.fixture(scope="session")
def published():
    """Give a published form as (notebook, pages), by language; each is made once."""
    made = {}

    def give(language="zh"):
        if language not in made:
            path = WORKSPACE / "params" / "forms" / "online-learning-2022.yaml"
            notebook = run_report(path, language=language, profile="shanghai-2022")
            made[language] = notebook, publish(notebook)
        return made[language]

    return give


@pytest.fixture(scope="session")
def odd(tmp_path_factory):
    """Give the pages of an odd form by its name; each is made once."""
    made = {}

    def give(name):
        if name not in made:
            notebook = report_on(tmp_path_factory.mktemp(name), ODD[name])
            made[name] = publish(notebook)
        return made[name]

    return give


@dataclass
class Opened:
    """Hold an opened page with everything that it said and asked."""

    page: object
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page from disk with every request refused and counted."""
    contexts = []

    def give(html, *, width=1280, scheme="light", script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=script,
            offline=True,
        )
        contexts.append(context)
        it = Opened(context.new_page())
        file = (tmp_path / "report.html").absolute()
        file.write_bytes(html)

        def decide(route):
            if route.request.url == file.as_uri():
                route.continue_()
            else:
                it.requests.append(route.request.url)
                route.abort()

        it.page.route("**/*", decide)
        it.page.on("console", lambda message: it.console.append(message.text))
        it.page.on("pageerror", lambda error: it.console.append(str(error)))
        it.page.goto(file.as_uri())
        return it

    yield give
    for context in contexts:
        context.close()
