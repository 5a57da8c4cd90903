"""A short run of what `make fuzz` does for an hour, and every case that it ever found."""

import pytest

from tests.fuzz import broken
from tests.fuzz.engine import KEPT, Engine
from tests.fuzz.targets import TARGETS

FOUND = sorted(path for path in KEPT.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", [target.name for target in TARGETS.values() if target.few])
def test_a_spoiled_file_is_taken_or_refused(name):
    target = TARGETS[name]
    with Engine(target) as engine:
        engine.run(22, target.few)
    assert engine.count == target.few
    assert [found.said for found in engine.findings] == []


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_found_once_holds(path):
    target = TARGETS[path.parent.name]
    with Engine(target) as engine:
        assert engine.said(path.read_bytes()) == ""


def test_every_kept_case_is_one_of_a_target():
    assert {path.parent.name for path in FOUND} <= set(TARGETS)
    assert {path.suffix for path in FOUND} <= {target.suffix for target in TARGETS.values()}


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (b"raise", "ValueError: not perfkit's own"),
        (b"loop", "TakesTooLong"),
        (b"eat", "MemoryError"),
        (b"end", "Lost"),
        (b"refuse", ""),
        (b"", ""),
    ],
)
def test_the_engine_finds_what_should_not_be(case, said):
    with Engine(broken.TARGET) as engine:
        heard = engine.said(case)
    assert said in heard if said else not heard
