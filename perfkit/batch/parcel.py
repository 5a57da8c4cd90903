"""A job that carries its inputs with it, for a worker that shares no disk with the run.

The notebook, the form, the theme and the workspace's own profiles travel as bytes; the worker lays them
out in a temporary workspace, makes the report there and sends the pages back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.batch.job import Job, Outcome, make

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Parcel:
    """Hold a job and the files it needs, by their places in the workspace; lay them out in `folder`."""

    job: Job
    files: Mapping[str, bytes]
    folder: str = ""

    @classmethod
    def of(cls, job: Job) -> Parcel:
        """Pack what a job reads from its workspace."""
        workspace = Path(job.folder)
        theme = job.values.get("theme")
        named = [Path(job.notebook), Path(job.form), *((workspace / "profiles").glob("*.y*ml"))]
        named += [workspace / str(theme)] if theme else []
        named += [workspace / job.profile] if (workspace / job.profile).is_file() else []
        return cls(job, {_place(path, workspace): path.read_bytes() for path in named})

    def __call__(self, say: Callable[[Any], None]) -> None:
        """Lay the files out in `folder`, make the report, say the outcome with the bytes of its files."""
        workspace, home = Path(self.folder), Path(self.job.folder)
        (workspace / "params").mkdir()
        for place, content in self.files.items():
            (workspace / place).parent.mkdir(parents=True, exist_ok=True)
            (workspace / place).write_bytes(content)
        outcome = make(
            replace(
                self.job,
                folder=str(workspace),
                drafts={kind: str(workspace / f"draft.{kind}") for kind in self.job.drafts},
                notebook=str(workspace / _place(Path(self.job.notebook), home)),
                form=str(workspace / _place(Path(self.job.form), home)),
            )
        )
        pages = {kind: Path(path).read_bytes() for kind, (path, _) in outcome.files.items()}
        say(Delivery(replace(outcome, files={}), pages))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold an outcome and the bytes of its files."""

    outcome: Outcome
    pages: Mapping[str, bytes]

    def unpack(self, job: Job) -> Outcome:
        """Write the pages as the job's drafts, and give the outcome as if it had been made here."""
        from perfkit.batch.job import write_draft

        files = {kind: write_draft(Path(job.drafts[kind]), page) for kind, page in self.pages.items()}
        return replace(self.outcome, files=files)


def _place(path: Path, workspace: Path) -> str:
    """Give a file's place in the temporary workspace: as in its own, or by name where it lies outside."""
    return (
        path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else f"elsewhere/{path.name}"
    )
