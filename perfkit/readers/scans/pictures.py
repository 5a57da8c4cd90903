"""Pictures of forms (JPEG, PNG, TIFF, BMP, WebP): opened within bounds, each page as one picture.

A picture tells its size in its head: what is larger than any scan is refused before a pixel is unpacked.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault, Words, theirs
from perfkit.readers.pages import page_grids
from perfkit.readers.scans import recognition
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.readers.grid import Grid, Spot

MOST_PAGES = 60
MOST_PIXELS = 120_000_000
_LEAST_SIDE = 200
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF")
_WORKED_ON = 4000
_CUT_OUT = (640, 240)
_MARGIN = 4
_QUALITY = 70
_PALE = 160


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the pages of a picture as grids.

    Raises:
        DataError: where it is damaged, larger than any scan, animated, or the extra is not installed.
    """
    if not recognition.available():
        raise recognition.needed(name, say("expected.picture"))
    from perfkit.readers.scans import scanned

    recognition.ask(sum(1 for _ in _sizes(data, name)))
    pages = [scanned(image, number) for number, image in enumerate(_images(data, name), start=1)]
    return list(page_grids(pages))


def _opened(data: bytes, name: str) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture is bounded below
            picture = Image.open(BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large(name, theirs(str(error))) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError) as error:
        raise _damaged(name, error) from None
    if picture.format not in {"TIFF", "MPO"} and getattr(picture, "is_animated", False):
        raise DataError(
            Fault(
                say("faults.animated_picture"),
                name,
                expected=say("faults.picture_page"),
                hint=say("faults.export_its_page_png"),
            )
        )
    return picture


def _sizes(data: bytes, name: str) -> Iterator[tuple[int, int]]:
    """Give the size of each page, without unpacking any."""
    picture = _opened(data, name)
    for frame in range(_frames(picture, name)):
        try:
            picture.seek(frame)
        except (OSError, ValueError, EOFError, SyntaxError) as error:
            raise _damaged(name, error) from None
        wide, tall = picture.size
        if wide * tall > MOST_PIXELS:
            raise _too_large(name, f"{wide} × {tall}")
        if min(wide, tall) < _LEAST_SIDE:
            raise DataError(
                Fault(
                    say("faults.picture_too_small_page"),
                    name,
                    got=f"{wide} × {tall}",
                    expected=say("faults.at_least_pixels_better", least_side=_LEAST_SIDE),
                )
            )
        yield wide, tall


def _frames(picture: Any, name: str) -> int:
    """Give how many pages a picture has, without going through all of those that are too many."""
    from PIL import Image

    if picture.format != "TIFF":
        return 1
    for frame in range(MOST_PAGES + 1):  # one by one: Pillow miscounts after a leap beyond the end
        try:
            picture.seek(frame)
        except EOFError:
            return frame
        except Image.DecompressionBombError as error:
            raise _too_large(name, theirs(str(error))) from None
        except (OSError, ValueError, SyntaxError) as error:
            raise _damaged(name, error) from None
    raise DataError(
        Fault(
            say("faults.too_many_pages_one"),
            name,
            got=f"{MOST_PAGES + 1}+",
            expected=say("faults.at_most_4", most_pages=MOST_PAGES),
        )
    )


def _images(data: bytes, name: str) -> Iterator[Any]:
    """Give each page as colours (BGR), upright as the camera says, no larger than what is worked on."""
    import numpy as np
    from PIL import Image, ImageOps

    picture = _opened(data, name)
    for frame in range(_frames(picture, name)):
        try:
            picture.seek(frame)
            picture.draft("RGB", (_WORKED_ON // 2, _WORKED_ON // 2))
            page = ImageOps.exif_transpose(_shallow(picture))
            if page.mode in {"RGBA", "LA", "PA"} or "transparency" in page.info:
                page = page.convert("RGBA")
                page = Image.alpha_composite(Image.new("RGBA", page.size, "white"), page)
            page = page.convert("RGB")
            page.thumbnail((_WORKED_ON, _WORKED_ON))
        except Image.DecompressionBombError as error:
            raise _too_large(name, theirs(str(error))) from None
        except (OSError, ValueError, EOFError, SyntaxError, TypeError, KeyError) as error:
            raise _damaged(name, error) from None
        yield np.asarray(page)[:, :, ::-1].copy()


def _shallow(picture: Any) -> Any:
    """Give a picture with 16 or 32 bits for its grey (which would turn white) with 8; others as they are."""
    import numpy as np
    from PIL import Image

    if picture.mode != "F" and not picture.mode.startswith("I"):
        return picture
    step = max(1, max(picture.size) // _WORKED_ON)
    values = np.nan_to_num(np.asarray(picture)[::step, ::step].astype(np.float32))
    white = 65535.0 if picture.mode.startswith("I;") else float(values.max())
    white = next((top for top in (1.0, 255.0, 65535.0) if white <= top), white)
    return Image.fromarray(np.clip(values * (255.0 / white), 0, 255).astype(np.uint8))


def cut_out(spot: Spot) -> bytes:
    """Give the part of a recognised page where a cell stands, as a small JPEG."""
    from PIL import Image

    page = _loaded(spot.page)
    left, top, right, bottom = spot.box
    wide, tall = page.size
    box = (
        max(0, left - _MARGIN),
        max(0, top - _MARGIN),
        min(wide, right + _MARGIN),
        min(tall, bottom + _MARGIN),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return b""
    part = page.crop(box)
    if part.width > _CUT_OUT[0]:
        part = _inked(part)
    part.thumbnail(_CUT_OUT, Image.Resampling.LANCZOS)
    target = BytesIO()
    part.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def _inked(cell: Any) -> Any:
    """Give a wide cell without the paper on the left and right of all that is written in it."""
    border = 5 * _MARGIN
    inner = (border, border, cell.width - border, cell.height - border)
    ink = cell.crop(inner).point(lambda value: 255 * (value < _PALE)).getbbox()
    if ink is None:
        return cell
    return cell.crop((ink[0], 0, ink[2] + 2 * border, cell.height))


@lru_cache(maxsize=1)
def _loaded(page: bytes) -> Any:
    from PIL import Image

    picture = Image.open(BytesIO(page), formats=("JPEG",))
    picture.load()
    return picture


def _too_large(name: str, got: Words) -> DataError:
    return DataError(
        Fault(
            say("faults.picture_larger_than_any"),
            name,
            got=got,
            expected=say("faults.at_most_pixels", most_pixels=f"{MOST_PIXELS:,}"),
            hint=say("faults.scan_page_at_n200"),
        )
    )


def _damaged(name: str, error: Exception) -> DataError:
    return DataError(
        Fault(
            say("faults.picture_damaged_cut_off"),
            name,
            got=theirs(error),
            hint=say("faults.scan_page_again_copy"),
        )
    )
