"""What every test shares: a reproducible Hypothesis, a matplotlib without a screen, one real browser."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

os.environ.setdefault("MPLBACKEND", "agg")
os.environ["PERFKIT_LANGUAGE"] = "en"  # whatever the language of the machine; tests of the other say so
settings.register_profile(
    "perfkit", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("perfkit")
# Hypothesis also draws the constants of whatever modules are loaded by then, which differ from worker to worker:
# without them a test draws the same examples wherever it runs. `make fuzz` has them.
providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(scope="module")
def browser():
    """Drive the machine's Chromium; closed with the module, since its event loop would disturb others."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium on this machine; CI installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()
