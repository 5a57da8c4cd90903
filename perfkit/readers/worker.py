"""What is done in the process in which a document is read: it obeys limits, and may die without harm."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfkit.errors import DataError, Fault, PerfkitError, refused, theirs
from perfkit.readers.container import LARGEST
from perfkit.readers.later import LaterError, put_off
from perfkit.text import say
from perfkit.workspace import is_file, is_folder, is_there

if TYPE_CHECKING:
    from perfkit.form import Form
    from perfkit.readers.layout.explanation import Explanation

Wanted = Literal["forms", "cells"]
MEMORY = 500_000_000
_NEARLY = 0.6
_began_with: dict[int, int] = {}  # bytes that a fork holds from the server
_HINT = say("faults.save_form_file_its")


def read_bounded(
    path: str, name: str, wanted: Wanted = "forms"
) -> list[Form] | Explanation | int | PerfkitError:
    """Give the forms of a file, why there are none, or how many seconds it takes to read (see `later`).

    With "cells" `wanted`, the forms come with what each cell was read as.
    """
    before = peak()
    _began_with.setdefault(os.getpid(), before)
    try:
        with put_off():
            return explained_here(Path(path), name) if wanted == "cells" else read_here(Path(path), name)
    except LaterError as error:
        return error.seconds
    except MemoryError:
        return _too_large(name)
    except PerfkitError as error:
        return _too_large(name) if _starved(before) else error
    except OSError as error:
        return unreadable(error, name)
    except Exception as error:  # noqa: BLE001  a stranger's file must never stop the other files
        told = theirs(error)
        fault = Fault(say("faults.file_cannot_read"), name, got=told, hint=_HINT)
        return _too_large(name) if _starved(before) else DataError(fault)


WARM = "perfkit.readers.worker:warm"
_SMALL = """项目支出绩效自评表
（2023年度）
项目名称\t甲
主管部门\t乙局\t实施单位\t乙所
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t10\t10\t9.5\t10\t95.00%\t9.5
\t其中：当年财政拨款\t10\t10\t9.5\t—\t95.00%\t—
年度总体目标\t预期目标\t实际完成情况
\t完成十处维修\t完成十处维修
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
产出指标\t数量指标\t丙\t≥10个\t12个\t40\t40\t
产出指标\t时效指标\t丁\t2023年11月底前\t2023年12月5日\t20\t18\t雨季停工，今后提前安排
效益指标\t社会效益指标\t戊\t有效改善\t有效改善\t30\t30\t
总分\t100\t97.5
填报人：己\t联系电话：0100-1234567
"""
_OF_A_BOOK = ("container", "fields", "html", "mhtml", "xlsx")


def warm() -> None:
    """Read a small form and import what a book needs: then no fork of a server has to do it for itself."""
    from perfkit.readers.formats import parse

    with suppress(Exception):  # whoever reads a file that needs it is told of it
        for name in ("lxml.etree", *(f"perfkit.readers.{each}" for each in _OF_A_BOOK)):
            import_module(name)
        parse(_SMALL.encode(), "small.txt")


def unreadable(error: OSError, name: str) -> DataError:
    """Say why the system does not give the bytes of a file."""
    match error:
        case FileNotFoundError():
            hint = say("faults.paths_start_here_at")
            return DataError(Fault(say("faults.no_such_file"), name, hint=hint))
        case IsADirectoryError():
            hint = say("faults.name_files_such", name=name)
            return DataError(
                Fault(say("faults.folder_not_file"), name, expected=say("faults.form_file"), hint=hint)
            )
    return DataError(Fault(say("faults.file_cannot_read"), name, got=refused(error)))


def _too_large(name: str) -> DataError:
    limit = say("faults.at_most_mb", size=MEMORY // 10**6)
    return DataError(Fault(say("faults.reading_file_takes_too_much"), name, expected=limit, hint=_HINT))


def _starved(before: int) -> bool:
    """Tell whether the file just read is what brought this process to the end of its memory.

    Libraries in C tell a lack of memory as damage, or not at all.
    """
    now = peak()
    return now > before and now - _began_with[os.getpid()] > MEMORY * _NEARLY


def peak() -> int:
    """Give the most memory that this process ever held, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def read_here(path: Path, name: str) -> list[Form]:
    """Read every form of a file in this process, whatever its type."""
    from perfkit.readers.formats import parse
    from perfkit.readers.mhtml import on_disk
    from perfkit.readers.structured import SUFFIXES, read_structured

    data = _bytes_of(path, name)
    if path.suffix.lower() in SUFFIXES:
        return [read_structured(data, name)]
    return parse(data, name, on_disk(path))


def explained_here(path: Path, name: str) -> Explanation:
    """Read every form of a file in this process, with what each of its cells was read as."""
    from perfkit.readers.formats import explain
    from perfkit.readers.mhtml import on_disk

    return explain(_bytes_of(path, name), name, on_disk(path))


def _bytes_of(path: Path, name: str) -> bytes:
    check_regular(path, name)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def check_regular(path: Path, name: str) -> None:
    """Refuse what is read once and never ends: a pipe, a terminal, a device."""
    if is_there(path) and not (is_file(path) or is_folder(path)):
        hint = say("faults.save_form_file_name")
        raise DataError(
            Fault(say("faults.pipe_device_not_file"), name, expected=say("faults.form_file"), hint=hint)
        )
