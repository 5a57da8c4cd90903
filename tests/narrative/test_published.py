"""The stories of two published forms, in full: read before signing (tests/data/narrative)."""

import pytest

import perfkit
from perfkit.checks import Finding, Findings
from perfkit.language import Text
from perfkit.narrative.lint import unsupported_figures
from tests.narrative.cases import ROOT, seed, text_of

TEXTS = ROOT / "tests" / "data" / "narrative"

# As the checks find them: code, row, severity, message in Chinese and in English.
FOUND = {
    "online-learning-2022": [
        *[("PK206", row, "warning", "只写了原因", "names a cause but no measure") for row in (4, 5, 9)],
        ("PK402", 8, "warning", "3项效益指标的目标都是90%", "3 benefit rows all have the target 90%"),
    ],
    "leadership-training-2022": [
        *[("PK206", row, "warning", "只写了原因", "names a cause but no measure") for row in (7, 12)],
        *[("PK210", row, "warning", "超额未说明", "is far above its target") for row in (1, 5)],
        (
            "PK401",
            11,
            "warning",
            "“领导干部岗位能力提升”的目标“提升”无法衡量",
            "“领导干部岗位能力提升” has the target “提升”, which cannot be measured",
        ),
        *[("PK409", row, "info", "没有写明时间", "has no time") for row in (6, 7)],
    ],
}


def findings_of(name):
    """Give the findings on a published form."""
    texts = ((code, row, severity, Text(zh, en)) for code, row, severity, zh, en in FOUND[name])
    return Findings(
        [Finding(code, "", severity, text, text, text, row=row) for code, row, severity, text in texts]
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FOUND)
def test_the_story_of_a_published_form(name, language):
    form, card = seed(name)
    story = perfkit.narrate(form, card, findings_of(name), language=language)
    expected = (TEXTS / f"{name}.{language}.txt").read_text(encoding="utf-8")
    assert text_of(story) == expected
    assert unsupported_figures(story, card, findings_of(name)) == []


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize("profile", perfkit.profile_names())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_published_form_under_any_profile_with_the_findings_of_the_checks(name, profile, language):
    form, _ = seed(name)
    card = perfkit.score(form, profile=profile)
    findings = perfkit.check(form, card)
    story = perfkit.narrate(form, card, findings, language=language)
    assert [str(figure) for figure in unsupported_figures(story, card, findings)] == []
