"""The phrase files, spoken: a key and its facts become a sentence in one language.

`phrases/zh.yaml` and `phrases/en.yaml` hold the same keys; each phrase is a Jinja template whose filters
are the methods of `wording`. A fact that a phrase asks for and the code does not give is an error, and
texts of the form are facts, never templates.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from perfkit.narrative.wording import Chinese, English, Wording

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from perfkit.language import Language

FILTERS = (
    *("capital", "count", "figure", "listed", "money", "number", "percent", "points", "rate"),
    *("quantity", "quoted", "quoted_end", "score", "sentence", "term"),
)


class Voice:
    """Say the phrases of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.wording: Chinese | English = Chinese() if language == "zh" else English()
        self._environment = _environment(self.wording)
        self._templates: dict[str, Template] = {}

    def say(self, key: str, **facts: object) -> str:
        """Render one phrase, `section.phrase`, from its facts."""
        if key not in self._templates:
            self._templates[key] = self._environment.from_string(phrases(self.language)[key])
        return self._templates[key].render(facts)

    def text(self, *sentences: str) -> str:
        """Join sentences to a paragraph."""
        return self.wording.space.join(sentence for sentence in sentences if sentence)


@cache
def voice(language: Language) -> Voice:
    """Give the voice of a language; its phrases are read and compiled once a process."""
    return Voice(language)


@cache
def phrases(language: Language) -> dict[str, str]:
    """Read the phrase file of a language, flat: `summary.graded` → template."""
    import yaml

    text = files(__package__).joinpath("phrases", f"{language}.yaml").read_text("utf-8")
    nested: dict[str, dict[str, str]] = yaml.safe_load(text)
    return {f"{section}.{key}": phrase for section, part in nested.items() for key, phrase in part.items()}


def _environment(wording: Wording) -> Environment:
    from jinja2 import Environment, StrictUndefined

    # Stories are plain text: whoever shows one escapes it, so escaping here would show entities.
    environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701
    environment.filters.update({name: getattr(wording, name) for name in FILTERS})
    return environment
