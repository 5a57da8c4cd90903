"""Proportions: leverage is good when high, others are kept on the side that the sign says, else for a person."""

import pytest

from perfkit.values import read_row


@pytest.mark.parametrize(
    ("name", "target", "actual", "verdict"),
    [
        ("师生比", "≤1:18", "1:16.5", "met"),
        ("师生比", "≤1：18", "1：18", "met"),
        ("师生比", "≤2:36", "1:17", "met"),
        ("师生比", "≤1:18", "1:19", "judgement"),
        ("师生比", "1:18", "1:16.5", "judgement"),
        ("护患比", "≥1:0.4", "1:0.45", "met"),
        ("撬动社会资本", "1:3", "1:3.4", "met"),
        ("撬动社会资本", "1:3", "1:2", "missed"),
        ("投入产出比", "≥1:5", "1:4", "missed"),
        ("开馆时间", "9:30", "9:30", "met"),
    ],
)
def test_a_proportion(name, target, actual, verdict):
    assert read_row(target, actual, name=name, level2="社会效益指标").verdict == verdict
