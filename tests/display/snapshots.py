"""Fragments as they were when somebody last looked at them.

PERFKIT_RENEW=1 writes them anew; look at the difference before you commit it.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "display"


def assert_as_before(name, text):
    """Hold a text against the one kept under a name."""
    kept = FOLDER / name
    if os.environ.get("PERFKIT_RENEW"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8"), f"{name} is not as it was; PERFKIT_RENEW=1 renews it"
