"""What every test shares: a reproducible Hypothesis, a matplotlib without a screen, one real browser."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "agg")
os.environ["PERFKIT_LANGUAGE"] = "en"  # whatever the language of the machine; tests of the other say so
settings.register_profile(
    "perfkit", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("perfkit")


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
