"""Fill a small disk with reports until it refuses, then make room and run again; `unshare -rm` runs this.

    python -m tests.batch.full_disk WORKSPACE KILOBYTES

Prints the present state of the ledger at the end, as `tests.batch.test_run.present` gives it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from perfkit.batch import inputs
from perfkit.errors import MachineError
from tests.batch.light import light_report


def main(workspace: Path, kilobytes: int) -> None:
    from tests.batch.test_run import check_whole, present

    inputs._perfkit = lambda: "0.1.0+test"
    os.chdir(workspace)
    reports = workspace / "reports"
    reports.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(reports)], check=True)
    stopped = 0
    try:
        stopped = len(light_report(workspace, rows="fixed").failed)
    except MachineError as error:
        said, stopped = str(error), 1
        if "disk" not in said:
            raise
    with suppress(MachineError):  # a disk so full that nothing can be opened says so
        check_whole(reports)
    subprocess.run(["mount", "-o", "remount,size=100m", str(reports)], check=True)
    run = light_report(workspace, rows="fixed")
    assert run.ok, str(run)
    assert len(check_whole(reports)) == 40
    assert not list(reports.glob(".draft*"))
    sys.stdout.write(f"{stopped} {present(reports)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
