"""Resolve the lock files: names, versions and hashes only, for every platform from Python 3.11 on.

Run by `make lock`, which keeps the versions that still fit; `make lock ARGS=--upgrade` takes today's newest.
`run.txt` is what perfkit needs, `test.txt` that and what the tests and the documentation need, `bench.txt`
the peers of the benchmarks as well; `lowest.txt` is what the tests need, with the oldest versions of what
perfkit needs that pyproject.toml allows.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
COMMON = ["--universal", "--python-version", "3.11", "--no-annotate", "--no-header", "--quiet"]
LOWEST = ["--group", "build", "--group", "test", "--group", "lint", "--all-extras"]
TEST = [*LOWEST, "--group", "docs"]


def resolve(target: Path, *what: str) -> None:
    """Write one lock file."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *COMMON, *what]
    subprocess.run([*command, *sys.argv[1:], "--output-file", str(target)], check=True)


resolve(HERE / "run.txt", "--generate-hashes", "--group", "build")
resolve(HERE / "test.txt", "--generate-hashes", *TEST)
resolve(
    HERE / "bench.txt", "--generate-hashes", *TEST, "--group", "bench", "--constraint", str(HERE / "test.txt")
)
with tempfile.TemporaryDirectory() as folder:
    oldest = Path(folder) / "oldest.txt"
    resolve(oldest, "--resolution", "lowest-direct", "--all-extras")
    resolve(HERE / "lowest.txt", "--generate-hashes", *LOWEST, "--constraint", str(oldest))
