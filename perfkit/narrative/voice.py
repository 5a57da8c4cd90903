"""The phrase files, spoken: facts become a sentence; figures are written in its language, and read back.

An office may say phrases otherwise, in a file of its own words; it is checked before it is spoken. A file
of own words is YAML, `zh:` or `en:` over `section.phrase: words`. A phrase may be put otherwise, but must
say the same figures under the same conditions as the one it replaces, and no other figure: so it is
compared with it placeholder by placeholder.

`扣1分` and "1 point lost" are points lost, `满分10分` and "of 10 points" a full mark, `三项` and "three
indicators" a count of rows. A figure whose words leave it open has the unit "".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES
from perfkit.text import say
from perfkit.text.figures import HUNDRED, WAN, cut, in_wan, in_yuan, product, reads_in_wan
from perfkit.text.figures import grouped as plain
from perfkit.text.folding import one_line, own_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jinja2 import Environment, Template

    from perfkit.language import Language


_NUMERAL = r"(?<![0-9.])-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
NEAR = 20
_CHINESE = "零一两三四五六七八九十"
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FIGURE = re.compile(
    rf"(?P<numeral>{_NUMERAL})|(?P<chinese>[{_CHINESE}]+)(?=[项处])|\b(?P<english>{'|'.join(_ENGLISH)})\b",
    re.IGNORECASE,
)
# What a figure is, by the words before and after it; the first row that fits counts.
_UNITS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (unit, re.compile(rf"(?:{before})$" if before else ""), re.compile(after))
    for unit, before, after in (
        ("points_apart", "", r"个百分点| percentage point"),
        ("percent", "", r"%"),
        ("money_wan", "", r"万元"),
        ("money", "", r"元| yuan"),
        ("year", "", r"年度"),
        ("row", r"row ", r""),
        ("row", r"第", r"行"),
        ("declared", r"自评|自评合计|the unit declared ", r"分| points?"),
        ("computed", r"核算|按规则计|the rules give ", r"分| points?"),
        ("counts", r"以", r"分计"),
        ("counts", "", r" points count\b"),
        ("lost_sum", r"共|共扣|合计", r"分"),
        ("lost_sum", r"together lost ", r""),
        ("lost_sum", "", r" in all"),
        ("lost", r"扣", r"分"),
        ("lost", r"lost another |losing ", r""),
        ("lost", "", r" points? (?:on|lost)\b"),
        ("lost_or_sum", r"lost ", r" point"),
        ("full", r"满分（?", r"分"),
        ("full", "", r"分全部得满"),
        ("full", r" of | all ", r" point"),
        ("points", "", r"分| points?\b"),
        ("findings", "", r"处| (?:more )?(?:finding|error|warning|note)s?\b| of them (?:is|are) there"),
        ("rows", "", r"项| (?:of them|of these|met|missed|not (?:verifiable|scored)|left|others)\b"),
        ("rows", "", r" (?:more |further |of )?(?:[a-z0-9]+ )?(?:indicator|target)s?\b"),
        ("delay", "", r"天|个月| (?:day|month)s? late"),
        ("wan", "", r"万"),
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold a figure as read: its text with the character after it, its value and its unit."""

    text: str
    value: Decimal
    unit: str


def figures_in(prose: str) -> Iterator[Reading]:
    """Read every figure of a prose that holds no quotations."""
    for found in _FIGURE.finditer(prose):
        before = prose[max(found.start() - NEAR, 0) : found.start()]
        after = prose[found.end() : found.end() + NEAR]
        unit = next((unit for unit, left, right in _UNITS if left.search(before) and right.match(after)), "")
        if found["english"] and not unit:
            unit = "count"
        yield Reading(found[0] + after[:1], _value(found), unit)


def _value(found: re.Match[str]) -> Decimal:
    """Give the value of a figure; Chinese counts above ten are written in numerals, so none is read."""
    if found["numeral"]:
        return Decimal(found["numeral"].replace(",", ""))
    if found["english"]:
        return Decimal(_ENGLISH.index(found["english"].lower()) + 1)
    return Decimal(_CHINESE.index(found["chinese"])) if len(found["chinese"]) == 1 else Decimal(-1)


LARGE_MONEY = 10 * WAN
_PAIRS = {"zh": (("“", "”"), ("「", "」"), ("『", "』")), "en": (("“", "”"), ("‘", "’"), ("«", "»"))}
_CHINESE_NUMERALS = "零一两三四五六七八九十"
_ENGLISH_NUMERALS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_STOPS = "。．.！!？?…"


@dataclass(frozen=True, slots=True)
class Money:
    """Hold an amount in the form's money unit; `in_wan` tells to write it in 万元 (see `reads_in_wan`)."""

    value: Decimal
    unit: str
    in_wan: bool = False


def quote(text: str, language: Language) -> str:
    """Put a text of the form in quotation marks that the text itself does not contain."""
    line = one_line(text)
    pairs = _PAIRS[language]
    opening, closing = next((p for p in pairs if p[0] not in line and p[1] not in line), pairs[0])
    return f"{opening}{line}{closing}"


def within(text: str) -> str:
    """Give a text of the results as it stands within a sentence, without a capital."""
    return text[:1].lower() + text[1:]


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Give part of whole in percent, rounded half up to two decimals."""
    return cut(product(part, HUNDRED, whole), 2, ROUND_HALF_UP)


@cache
def glossary() -> dict[str, str]:
    """Give the English of the field's Chinese terms: levels, grades, units ("class hour|class hours")."""
    text = files(__package__).joinpath("phrases", "glossary.yaml").read_text("utf-8")
    entries: dict[str, str] = own_yaml(text)
    return entries


class Wording:
    """Spell the parts of a sentence; the base of the two languages."""

    language: ClassVar[Language]
    space: ClassVar[str]
    stop: ClassVar[str]

    def score(self, value: Decimal) -> str:
        """Write a score with the digits that the scorecard gives it: 96.90."""
        return f"{value:f}"

    def figure(self, value: Decimal) -> str:
        """Write a figure without idle zeros."""
        return plain(value)

    def percent(self, value: Decimal) -> str:
        """Write a rate in percent."""
        return f"{plain(value)}%"

    def rate(self, value: Decimal) -> str:
        """Write a rate in percent with the decimals that the profile gives it, none where it is whole."""
        return f"{value.to_integral_value():f}%" if value == value.to_integral_value() else f"{value:f}%"

    def sentence(self, text: str) -> str:
        """Make a text of the results a sentence: a capital first, a full stop last."""
        line = self.capital(one_line(text))
        return line if line.endswith(tuple(_STOPS)) else line + self.stop

    def quoted(self, text: str) -> str:
        """Quote a text of the form verbatim, on one line."""
        return quote(text, self.language)

    def quoted_end(self, text: str) -> str:
        """Quote a text at the end of a sentence, with a full stop unless the text brings its own."""
        stop = "" if one_line(text).endswith(tuple(_STOPS)) else self.stop
        return self.quoted(text) + stop

    def mention(self, text: str) -> str:
        """Write a name of letters alone as it is; one with figures or signs in it is quoted."""
        line = one_line(text)
        letters = re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)*", line)
        return line if letters and not any(figures_in(line)) else self.quoted(text)

    def capital(self, sentence: str) -> str:
        """Begin a sentence with a capital letter."""
        return sentence[:1].upper() + sentence[1:]


class Chinese(Wording):
    """Spell the parts of a Chinese sentence."""

    language = "zh"
    space = ""
    stop = "。"

    def number(self, number: int) -> str:
        """Write a count without its noun: 三, 16."""
        return _CHINESE_NUMERALS[number] if number < len(_CHINESE_NUMERALS) else str(number)

    def count(self, number: int, noun: str) -> str:
        """Write a count: 三项, 两处, 16项."""
        return f"{self.number(number)}{noun}"

    def points(self, value: Decimal) -> str:
        """Write points: 0.9分."""
        return f"{plain(value)}分"

    def money(self, amount: Money) -> str:
        """Write an amount in the form's unit, or exactly in 万元."""
        if amount.in_wan and amount.unit == "元":
            return f"{plain(in_wan(amount.value))}万元"
        return f"{plain(amount.value)}{amount.unit}"

    def quantity(self, value: Decimal, unit: str) -> str:
        """Write a quantity in its own unit: 268课时, 0.5万人次."""
        if reads_in_wan([value], WAN):
            return f"{plain(in_wan(value))}万{unit}"
        return f"{plain(value)}{unit}"

    def listed(self, items: Sequence[str]) -> str:
        """Join items as a sentence does: 甲、乙和丙."""
        return "和".join(["、".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)

    def term(self, text: str) -> str:
        """Write a term of the field (a level, a grade); one that is no plain word is quoted."""
        return self.mention(text)


class English(Wording):
    """Spell the parts of an English sentence."""

    language = "en"
    space = " "
    stop = "."

    def number(self, number: int) -> str:
        """Write a count without its noun: three, 16."""
        return _ENGLISH_NUMERALS[number] if number < len(_ENGLISH_NUMERALS) else str(number)

    def count(self, number: int, noun: str, plural: str = "") -> str:
        """Write a count with its noun: one indicator, three indicators, 16 indicators."""
        return f"{self.number(number)} {noun if number == 1 else plural or noun + 's'}"

    def points(self, value: Decimal) -> str:
        """Write points: 1 point, 0.9 points."""
        return f"{plain(value)} point{'' if value == 1 else 's'}"

    def money(self, amount: Money) -> str:
        """Write an amount in yuan, exactly: 861.46 万元 is 8,614,600 yuan."""
        return f"{plain(in_yuan(amount.value, amount.unit))} yuan"

    def quantity(self, value: Decimal, unit: str) -> str:
        """Write a quantity in its own unit, in English where the glossary knows it: 268 class hours."""
        words = glossary().get(unit, unit).split("|")
        word = words[0] if value == 1 else words[-1]
        return f"{plain(value)} {word}".rstrip()

    def listed(self, items: Sequence[str]) -> str:
        """Join items as a sentence does: A, B and C."""
        return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)

    def term(self, text: str) -> str:
        """Write a term of the field in English where the glossary knows it, otherwise quoted."""
        line = one_line(text)
        return glossary().get(line) or quote(line, "en")


# the phrase files, spoken: a key and its facts become a sentence in one language


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


def voice(language: Language, *words: Path) -> Voice:
    """Give the voice of a language, in the words of an office's own files: a phrase as the first has it.

    Phrases are read and compiled once a process, own words again where their file has changed.

    Raises:
        SettingsError: with every fault of the file of own words.
    """
    return _voice(language, words, tuple(path.stat().st_mtime_ns for path in words))


@lru_cache(maxsize=8)
def _voice(language: Language, words: tuple[Path, ...], _changed: tuple[int, ...]) -> Voice:
    own: dict[str, str] = {}
    for path in reversed(words):
        own |= own_words(path)[language]
    return Voice(language, own)


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
