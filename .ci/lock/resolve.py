"""Resolve the lock files: names, versions and hashes only, for every platform from Python 3.11 on.

Run by `make lock`. `run.txt` is what perfkit needs, `test.txt` that and what the tests need, `bench.txt`
the peers of the benchmarks as well.
"""

import subprocess
import sys

COMMON = "--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet".split()
FILES = {
    "run": ["--group", "build", "--extra", "query"],
    "test": ["--group", "build", "--group", "test", "--group", "lint", "--all-extras"],
    "bench": ["--group", "build", "--group", "test", "--group", "lint", "--group", "bench", "--all-extras"],
}

for name, what in FILES.items():
    constraints = ["--constraint", ".ci/lock/test.txt"] if name == "bench" else []
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *COMMON, *what, *constraints]
    subprocess.run([*command, "--output-file", f".ci/lock/{name}.txt"], check=True)
    print(f".ci/lock/{name}.txt")
