"""Text copied out of a PDF: the two published forms, whose cells were flattened into lines."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfkit.readers.formats import read_document
from perfkit.readers.structured import read_structured

HERE = Path(__file__).parents[1] / "data" / "readers"
PARAMS = Path(__file__).parents[2] / "params" / "forms"


@pytest.fixture(scope="module")
def flattened():
    return read_document(HERE / "flattened.txt")


@pytest.mark.parametrize(
    ("number", "name"), [(0, "online-learning-2022.yaml"), (1, "leadership-training-2022.yaml")]
)
def test_the_published_forms_read_as_they_were_typed_by_hand(flattened, number, name):
    typed = read_structured((PARAMS / name).read_bytes(), name)
    read = flattened[number]
    assert replace(read, goals=typed.goals) == typed


def test_goal_and_outcome_are_joined_from_their_wrapped_lines(flattened):
    goals = flattened[1].goals
    assert goals.expected.startswith("组织实施干部专业化能力培训")
    assert goals.outcome.endswith("相关预算已压减。")


def test_what_was_inferred_is_listed(flattened):
    (unread,) = flattened[0].unread
    assert "数量指标" in unread.text
    assert "inferred" in unread.expected


def test_places_name_the_line(flattened):
    assert flattened[0].source.places["indicators[0].weight"] == "line 19"
