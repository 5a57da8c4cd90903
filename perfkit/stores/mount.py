"""Copies of objects below one folder, and what has been seen of the stores they come from."""

from __future__ import annotations

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.errors import Fault, MachineError, PerfkitError, SettingsError
from perfkit.stores.stamps import stamp_of, stat
from perfkit.stores.urls import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from perfkit.stores.urls import Place

AT_ONCE = 16


class Mount:
    """Hold copies of objects below one folder, and the stamps of what is on the stores."""

    def __init__(self, root: Path | None = None, *, steady: bool = False) -> None:
        self.steady = steady
        self._root = root
        self._own = root is None
        self._stamps: dict[Path, list[int]] = {}
        self._folders: set[Path] = set()
        self._looked: set[Path] = set()
        self._absent: set[Path] = set()

    @property
    def root(self) -> Path:
        """Give the folder of the copies, made when first asked for."""
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix="perfkit-")).resolve()
        return self._root

    @property
    def in_use(self) -> bool:
        """Tell whether anything was asked of it."""
        return self._root is not None

    def holds(self, path: Path) -> bool:
        """Tell whether a path is below its folder."""
        return self._root is not None and path.is_relative_to(self._root)

    def close(self) -> None:
        """Throw the copies away."""
        if self._own and self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)
            self._root = None

    def path(self, url: Place) -> Path:
        """Give the path where the copy of an object belongs."""
        scheme, rest = parts_of(url)
        parts = [part for part in rest.split("/") if part]
        if ".." in parts:
            raise SettingsError(Fault("a URL without '..' is needed", str(url)))
        return self.root.joinpath(scheme, *parts)

    def url(self, path: Path) -> str:
        """Give the URL that a copy stands for."""
        scheme, *parts = path.relative_to(self.root).parts
        return f"{scheme}://{'/'.join(parts)}"

    def look(self, folder: Path) -> None:
        """See what a folder of a store holds, all the way down."""
        if self._is_known(folder / "*"):
            return
        fs, base = self.opened(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._looked.add(folder)
        with reaching(self.url(folder)):
            fs.invalidate_cache()
            try:
                found = fs.find(base, detail=True)
            except FileNotFoundError:
                return
        for name, info in found.items():
            inside = name.strip("/").removeprefix(base.strip("/")).strip("/")
            if inside:
                self._note(folder / inside, info)

    def _note(self, path: Path, info: Mapping[str, Any]) -> None:
        self._stamps[path] = stamp_of(info)
        self._absent.discard(path)
        self._folders.add(path.parent)

    def _is_known(self, path: Path) -> bool:
        """Tell whether it has been seen that there is such an object, or that there is none."""
        return path in self._stamps or path in self._absent or not self._looked.isdisjoint(path.parents)

    def seen(self, folder: Path) -> list[Path]:
        """Give every object below a folder that has been seen, and that there is."""
        return [path for path in self._stamps if path.is_relative_to(folder)]

    def stamp(self, path: Path) -> list[int]:
        """Give the stamp of a copy, else of the object as last seen.

        Raises:
            FileNotFoundError: there is neither.
        """
        if path.is_file():
            return stat(path)
        if not self._is_known(path):
            self._ask([path])
        if path not in self._stamps:
            raise FileNotFoundError(2, "no such object", self.url(path))
        return self._stamps[path]

    def there(self, path: Path) -> bool:
        """Tell whether there is such a copy or object."""
        return path in self._stamps or path.exists()

    def is_folder(self, path: Path) -> bool:
        """Tell whether objects have been seen right below a folder."""
        return path in self._folders

    def _ask(self, paths: Iterable[Path]) -> None:
        """See single objects anew."""

        def ask(path: Path) -> tuple[Path, Any]:
            fs, place = self.opened(path)
            with reaching(self.url(path)), suppress(FileNotFoundError):
                info = fs.info(place)
                return path, info if info.get("type") != "directory" else None
            return path, None

        for path, info in _each(ask, paths):
            self._stamps.pop(path, None)
            self._absent.add(path)
            if info is not None:
                self._note(path, info)

    def bring(self, paths: Iterable[Path], *, anew: bool = False) -> None:
        """Bring objects whose copies are missing or of another stamp; those that are not there are left.

        `anew` looks at the store again for what has been seen already.
        """
        wanted = list(dict.fromkeys(paths))
        self._ask(path for path in wanted if anew or not self._is_known(path))
        wanted = [path for path in wanted if path in self._stamps]
        self._transfer("get", [path for path in wanted if not _is_copy(path, self._stamps[path])])

    def _transfer(self, verb: str, paths: Iterable[Path]) -> None:
        """Get or put many at once, for each store that they lie on."""
        stores: dict[int, tuple[Any, list[Path], list[str]]] = {}
        for path in paths:
            fs, place = self.opened(path)
            _, local, remote = stores.setdefault(id(fs), (fs, [], []))
            local.append(path)
            remote.append(place)
        for fs, local, remote in stores.values():
            for path in local:
                path.parent.mkdir(parents=True, exist_ok=True)
            names = [str(path) for path in local]
            with reaching(self.url(local[0])):
                getattr(fs, verb)(*((remote, names) if verb == "get" else (names, remote)))
            if verb == "get":
                for path in local:
                    size_and_time = self._stamps[path]
                    os.utime(path, ns=(size_and_time[1], size_and_time[1]))

    def send(self, paths: Iterable[Path]) -> None:
        """Put files where their objects belong, each as a whole, and see their new stamps."""
        sent = list(paths)
        self._transfer("put", sent)
        self._ask(sent)

    def drop(self, paths: Iterable[Path]) -> None:
        """Remove objects, if they are there."""
        for path in paths:
            fs, place = self.opened(path)
            with reaching(self.url(path)), suppress(FileNotFoundError):
                fs.rm_file(place)
            self._stamps.pop(path, None)

    def opened(self, path: Path) -> tuple[Any, str]:
        """Give the file system of a path's store, and the object's place in it.

        Raises:
            MachineError: fsspec, or the package that reaches this store, is missing.
        """
        url = self.url(path)
        try:
            from fsspec.core import url_to_fs

            fs, place = url_to_fs(url)
        except ImportError as error:
            hint = str(error) if "fsspec" not in str(error) else "pip install 'perfkit[stores]'"
            raise MachineError(Fault("a package is missing to reach this", url, hint=hint)) from None
        except ValueError as error:
            raise SettingsError(Fault("no such kind of store", url, hint=str(error))) from None
        return fs, place


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Turn whatever a store's driver raises into an error that names the URL; a missing object stays one.

    Raises:
        MachineError: the store does not answer, or refuses.
    """
    try:
        yield
    except (FileNotFoundError, FileExistsError, PerfkitError):
        raise
    except Exception as error:  # drivers raise what their networks do
        raise MachineError(
            Fault("the store cannot be reached", url, got=f"{type(error).__name__}: {error}",
                  hint="fsspec reads endpoints and keys from its own settings, such as FSSPEC_S3_KEY")
        ) from error  # fmt: skip


def _each(ask: Callable[[Path], Any], paths: Iterable[Path]) -> list[Any]:
    """Ask about many objects, some at a time: each question is a trip to the store."""
    wanted = list(paths)
    if not wanted:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as threads:
        return list(threads.map(ask, wanted))


def _is_copy(path: Path, left: list[int]) -> bool:
    return path.is_file() and stat(path) == left
