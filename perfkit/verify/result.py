"""What a verification found: each discrepancy with its place, its sentence, and what is true instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from perfkit.language import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["contradicts", "unsupported", "unjudged"]
KINDS: dict[Kind, Text] = {
    "contradicts": Text("与表不符", "contradicts the form"),
    "unsupported": Text("表中无据", "not borne out by the form"),
    "unjudged": Text("无法判断", "cannot be judged"),
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Hold one statement of a document that the form and its results do not bear.

    `kind` is `contradicts` (the form says otherwise), `unsupported` (it says nothing of it, though it could)
    or `unjudged` (a person has to look). `got` is what the document says, `expected` the nearest true value,
    `sentence` where it stands, `place` the paragraph, row or page, `passage` its number in the document.
    """

    kind: Kind
    what: Text
    place: Text
    sentence: str
    got: str
    expected: str = ""
    passage: int = 0

    def told(self, language: Language) -> str:
        """Tell it in two lines: where and what, then the sentence."""
        colon, otherwise = ("：", "应为") if language == "zh" else (": ", "should be")
        head = f"{self.place[language]}{colon}{KINDS[self.kind][language]}{colon}{self.what[language]}"
        if self.got:
            head += f" “{self.got}”"
        if self.expected:
            head += (
                f"，{otherwise}“{self.expected}”" if language == "zh" else f", {otherwise} “{self.expected}”"
            )
        return f"{head}\n    {self.sentence}"

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Give it as plain data, its texts in one language."""
        return {
            "kind": self.kind,
            "what": self.what[language],
            "place": self.place[language],
            "sentence": self.sentence,
            "got": self.got,
            "expected": self.expected or None,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """Hold all discrepancies of one document, in reading order, and how many sentences were compared."""

    document: str
    discrepancies: tuple[Discrepancy, ...]
    compared: int

    def __iter__(self) -> Iterator[Discrepancy]:
        return iter(self.discrepancies)

    def of(self, kind: Kind) -> list[Discrepancy]:
        """Give the discrepancies of one kind."""
        return [one for one in self.discrepancies if one.kind == kind]

    @property
    def contradicted(self) -> bool:
        """Tell whether the document says anything that the form contradicts."""
        return bool(self.of("contradicts"))

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Give the verification as plain data."""
        return {
            "document": self.document,
            "compared": self.compared,
            "discrepancies": [one.to_dict(language) for one in self.discrepancies],
        }
