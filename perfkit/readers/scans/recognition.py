"""Texts of a picture, recognised by RapidOCR on the processor, each with its box and how sure it is.

The models are loaded when first used, so by the process that reads, and once for all that it reads.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import logging
import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault, Words
from perfkit.readers.container import ask_for
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence

EXTRA = 'pip install "perfkit[ocr]"'
PAGE_SECONDS = 60  # for each page; it takes 3 to 8 on an idle core
START_SECONDS = 60
_TALL = 1.5
_BATCH = 6
_MAPPED_FROM, _LARGE = -3, 4 << 20  # M_MMAP_THRESHOLD of glibc's malloc, in bytes
# A blank beside a Han character is only the gap that the recogniser saw.
_GAP = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Box:
    """Hold an upright rectangle of a picture, in pixels from its top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """Give how wide it is."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Give how tall it is."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Word:
    """Hold a recognised text: what it says, where it stands, how sure the recogniser is (0 to 1)."""

    text: str
    box: Box
    sure: float


def available() -> bool:
    """Tell whether this machine can read pictures."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def needed(name: str, what: Words) -> DataError:
    """Say which extra reads a picture, where it is not installed."""
    return DataError(
        Fault(
            say("faults.reading_takes_extra_perfkit", what=what),
            name,
            got=say("faults.installation_without"),
            hint=say("faults.ask_unit_for_word", extra=EXTRA),
        )
    )


def ask(pages: int) -> None:
    """Ask for the time that recognising some pages takes at most (see `perfkit.readers.container`)."""
    ask_for(START_SECONDS + PAGE_SECONDS * pages)


@cache
def _engine() -> Any:
    """Load the models, for all pages that this process reads.

    glibc would keep the large pieces that each page takes on its heap, in another order for each page, until
    none fits: after some 25 pages the limit of memory is reached. So they are mapped, and given back at once.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another system's library has no such call
        ctypes.CDLL(None).mallopt(_MAPPED_FROM, _LARGE)
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": _BATCH,
        }
    )


def loaded() -> int:
    """Give how often this process has loaded the models; -1 where it holds a library without them."""
    count = _engine.cache_info().misses
    return count if count or not {"cv2", "onnxruntime", "rapidocr"} & set(sys.modules) else -1


def tried() -> str:
    """Give what is recognised in a small picture that is drawn for it.

    Raises:
        LookupError: nothing is.
    """
    import cv2
    import numpy as np

    image = np.full((80, 240, 3), 255, np.uint8)
    cv2.putText(image, "2023", (40, 58), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    words = recognised(image, found(image))
    if not words:
        raise LookupError("no text is recognised in a picture of one")
    return words[0].text


def found(image: Any) -> list[Box]:
    """Give where texts stand in a picture (BGR)."""
    result = _engine()(image, use_rec=False, use_cls=False)
    boxes = [] if result.boxes is None else result.boxes
    return [
        Box(float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 0].max()), float(box[:, 1].max()))
        for box in boxes
    ]


def recognised(image: Any, boxes: Sequence[Box]) -> list[Word]:
    """Give what the texts in some boxes of a picture say; none for a box without a text."""
    crops = [_crop(image, box) for box in boxes]
    kept = [number for number, crop in enumerate(crops) if crop.size]
    if not kept:
        return []
    from rapidocr.ch_ppocr_rec import TextRecInput

    engine = _engine()
    engine._load_rec_model()  # noqa: SLF001  no public way to recognise crops together
    result = engine.text_rec(TextRecInput(img=[crops[number] for number in kept], return_word_box=False))
    words = []
    for number, text, sure in zip(kept, result.txts or (), result.scores or (), strict=False):
        plain = _GAP.sub("", text.strip())
        if plain:
            words.append(Word(plain, boxes[number], float(sure)))
    return words


def _crop(image: Any, box: Box) -> Any:
    import numpy as np

    tall, wide = image.shape[:2]
    top, bottom = max(0, int(box.top)), min(tall, int(box.bottom + 1))
    left, right = max(0, int(box.x0)), min(wide, int(box.x1 + 1))
    crop = image[top:bottom, left:right]
    return np.rot90(crop) if crop.size and crop.shape[0] >= crop.shape[1] * _TALL else crop
