"""The phrase files, spoken: a key and its facts become a sentence in one language.

An office may say phrases otherwise, in a file of its own words; it is checked before it is spoken. A file
of own words is YAML, `zh:` or `en:` over `section.phrase: words`. A phrase may be put otherwise, but must
say the same figures under the same conditions as the one it replaces, and no other figure: so it is
compared with it placeholder by placeholder.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES
from perfkit.narrative.wording import Chinese, English, Wording
from perfkit.text import say
from perfkit.text.folding import own_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jinja2 import Environment, Template

    from perfkit.language import Language

_FIGURES = re.compile(r"[0-9０-９]+|[零一二两三四五六七八九十百千]+(?=[项处个分万元天年月倍成])")
_LONGEST = 1000
_SILENT = ("Template", "Output", "If", "TemplateData")
_PARTS = 2

Said = set[tuple[tuple[str, ...], str]]


def checked(
    given: Any,
    defaults: Mapping[Language, Mapping[str, str]],
    environments: Mapping[Language, Environment],
    file: str,
) -> dict[Language, dict[str, str]]:
    """Give the phrases that a file of own words holds, by language and key.

    `defaults` are the phrases they replace, `environments` know the filters of each language.

    Raises:
        SettingsError: with every fault: unknown keys, placeholders unknown or lost, figures added.
    """
    faults: list[Fault] = []
    found: dict[Language, dict[str, str]] = {language: {} for language in LANGUAGES}
    for language, key, phrase in _entries(given, file, faults):
        default = defaults[language].get(key)
        if default is None:
            near = get_close_matches(key, defaults[language], n=1)
            hint = say("settings.did_you_mean", name=near[0]) if near else say("words.list")
            faults.append(Fault(say("words.unknown"), file, f"{language}.{key}", key, hint=hint))
            continue
        fault = _fault(phrase, default, environments[language], file, f"{language}.{key}")
        if fault is None:
            found[language][key] = phrase
        else:
            faults.append(fault)
    if faults:
        raise SettingsError.of(faults)
    return found


def _entries(given: Any, file: str, faults: list[Fault]) -> Iterator[tuple[Language, str, str]]:
    """Yield language, key and words of each entry; what is no phrase is a fault."""
    if not isinstance(given, dict):
        faults.append(Fault(say("words.shape"), file, expected="zh: {summary.graded: …}"))
        return
    for language, phrases in given.items():
        if language not in LANGUAGES or not isinstance(phrases, dict):
            faults.append(Fault(say("words.shape"), file, str(language), expected="zh: {summary.graded: …}"))
            continue
        for key, phrase in phrases.items():
            if isinstance(phrase, str) and len(phrase) <= _LONGEST and str(key).count(".") == _PARTS - 1:
                yield language, str(key), phrase
            else:
                faults.append(Fault(say("words.no_phrase"), file, f"{language}.{key}", str(phrase)[:60]))


def _fault(phrase: str, default: str, environment: Environment, file: str, place: str) -> Fault | None:
    from jinja2 import TemplateSyntaxError

    try:
        said, own = _said(phrase, environment), _said(default, environment)
    except TemplateSyntaxError as error:
        return Fault(say("words.syntax"), file, place, got=str(error.message))
    except RecursionError:  # brackets in brackets, without end
        said, own = None, None
    if said is None:
        return Fault(say("words.too_much"), file, place, got=phrase[:60])
    own = own or set()
    if said - own:
        return Fault(say("words.added"), file, place, got=_listed(said - own), expected=_listed(own) or "—")
    if own - said:
        return Fault(say("words.lost"), file, place, got=phrase[:60], expected=_listed(own - said))
    extra = set(_FIGURES.findall(_plain(phrase))) - set(_FIGURES.findall(_plain(default)))
    if extra:
        return Fault(say("words.figure"), file, place, got=", ".join(sorted(extra)))
    return None


def _listed(said: Said) -> str:
    return ", ".join(sorted({expression for _, expression in said}))


def _plain(phrase: str) -> str:
    return re.sub(r"\{[{%#].*?[}%#]\}", " ", phrase, flags=re.DOTALL)


def _said(phrase: str, environment: Environment) -> Said | None:
    """Give each placeholder with the conditions it stands under; None where a phrase does more than say."""
    from jinja2 import nodes

    found: Said = set()

    def walk(parts: list[Any], under: tuple[str, ...]) -> bool:
        for part in parts:
            if type(part).__name__ not in _SILENT and not isinstance(part, nodes.Expr):
                return False
            if isinstance(part, nodes.Output):
                found.update(
                    (under, _written(each)) for each in part.nodes if not isinstance(each, nodes.TemplateData)
                )
            elif isinstance(part, nodes.If):
                test = repr(part.test)
                branches = [(part.body, (*under, test)), (part.else_, (*under, f"not {test}"))]
                branches += [([each], (*under, f"not {test}")) for each in part.elif_]
                if not all(walk(body, path) for body, path in branches):
                    return False
        return True

    return found if walk(environment.parse(phrase).body, ()) else None


def _written(node: Any) -> str:
    """Write a placeholder as a phrase writes it: `rate | figure`; one of another make as jinja knows it."""
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Const):
        return repr(node.value)
    if isinstance(node, nodes.Filter) and not node.kwargs:
        given = ", ".join(map(_written, node.args))
        return f"{_written(node.node)} | {node.name}" + (f"({given})" if given else "")
    return repr(node)


FILTERS = (
    *("capital", "count", "figure", "listed", "money", "number", "percent", "points", "rate"),
    *("quantity", "quoted", "quoted_end", "score", "sentence", "term"),
)


class Voice:
    """Say the phrases of one language, the office's own words in the place of those they replace."""

    def __init__(self, language: Language, own: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._phrases = {**phrases(language), **(own or {})}
        self.wording: Chinese | English = Chinese() if language == "zh" else English()
        self._environment = _environment(self.wording)
        self._templates: dict[str, Template] = {}

    def say(self, key: str, **facts: object) -> str:
        """Render one phrase, `section.phrase`, from its facts."""
        if key not in self._templates:
            self._templates[key] = self._environment.from_string(self._phrases[key])
        return self._templates[key].render(facts)

    def text(self, *sentences: str) -> str:
        """Join sentences to a paragraph."""
        return self.wording.space.join(sentence for sentence in sentences if sentence)


def voice(language: Language, words: Path | None = None) -> Voice:
    """Give the voice of a language, in the words of an office's own file where there is one.

    Phrases are read and compiled once a process, own words again where their file has changed.

    Raises:
        SettingsError: with every fault of the file of own words.
    """
    return _voice(language, words, words.stat().st_mtime_ns if words else 0)


@lru_cache(maxsize=8)
def _voice(language: Language, words: Path | None, _changed: int) -> Voice:
    return Voice(language, own_words(words)[language] if words else None)


def own_words(path: Path) -> dict[Language, dict[str, str]]:
    """Read a file of an office's own words, checked against the phrases it replaces.

    Raises:
        SettingsError: with every fault of the file.
    """
    from perfkit.errors import Fault, PerfkitError, SettingsError, refused
    from perfkit.files import read_written
    from perfkit.readers.document import parse
    from perfkit.text import say
    from perfkit.workspace import shown

    try:
        data = parse(read_written(path), shown(path)).data
    except OSError as error:
        raise SettingsError(Fault(say("words.unreadable"), shown(path), got=refused(error))) from None
    except PerfkitError as error:
        raise SettingsError(*error.faults) from None
    defaults = {language: phrases(language) for language in LANGUAGES}
    environments = {language: _environment(Voice(language).wording) for language in LANGUAGES}
    return checked(data, defaults, environments, shown(path))


@cache
def phrases(language: Language) -> dict[str, str]:
    """Read the phrase file of a language, flat: `summary.graded` → template."""
    text = files(__package__).joinpath("phrases", f"{language}.yaml").read_text("utf-8")
    nested: dict[str, dict[str, str]] = own_yaml(text)
    return {f"{section}.{key}": phrase for section, part in nested.items() for key, phrase in part.items()}


def _environment(wording: Wording) -> Environment:
    from jinja2 import Environment, StrictUndefined

    # Stories are plain text: whoever shows one escapes it, so escaping here would show entities.
    environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701
    environment.filters.update({name: getattr(wording, name) for name in FILTERS})
    return environment
