"""In whose language a message is told, and that every part of a fault is."""

import pytest

from perfkit import plain
from perfkit.errors import DataError, Fault
from perfkit.language import Text, speak, spoken, system_language
from perfkit.text import say


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.GBK"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        ({}, "en"),
    ],
)
def test_the_systems_language_is_that_of_its_locale(variables, language):
    assert system_language(variables) == language


def test_what_was_told_goes_before_the_variable_the_workspace_and_the_system(tmp_path, monkeypatch):
    (tmp_path / "params").mkdir()
    (tmp_path / "perfkit.yaml").write_text(
        "# ours\nprofile: hubei\nlanguage: zh  # for all\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("PERFKIT_LANGUAGE")
    assert spoken() == "zh"
    monkeypatch.setenv("PERFKIT_LANGUAGE", "en")
    assert spoken() == "en"
    speak("zh")
    try:
        assert spoken() == "zh"
    finally:
        speak(None)
    (tmp_path / "perfkit.yaml").unlink()
    monkeypatch.setenv("PERFKIT_LANGUAGE", "klingon")
    assert spoken() == "en"


def test_a_fault_is_told_in_the_language_of_who_reads_it(monkeypatch):
    fault = Fault(
        Text("没有这个文件", "no such file"),
        "a.xlsx",
        Text("第3行", "row 3"),
        got="b",
        expected=Text("一个数", "a number"),
        hint=say("faults.refused.full"),
    )
    monkeypatch.setenv("PERFKIT_LANGUAGE", "zh")
    assert str(DataError(fault)) == "a.xlsx，第3行：没有这个文件\n  实际：b\n  应为：一个数\n  处理：磁盘已满"
    monkeypatch.setenv("PERFKIT_LANGUAGE", "en")
    assert (
        str(fault)
        == "a.xlsx, row 3: no such file\n  got: b\n  expected: a number\n  hint: No space left on device"
    )
    again = plain.loads(plain.dumps(DataError(fault)))
    assert [again.told(language) for language in ("zh", "en")] == [fault.told("zh"), fault.told("en")]


def test_a_text_is_asked_for_a_language_and_not_looked_through():
    text = Text("得分", "score")
    assert (text["zh"], text["en"]) == ("得分", "score")
    for wrong in ("fr", 0):
        with pytest.raises(KeyError):
            text[wrong]
    with pytest.raises(KeyError):
        assert "score" in text
