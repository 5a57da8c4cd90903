"""Each module can be the first of perfkit that a process imports."""

import subprocess
import sys

from tests.test_house import modules, name_of


def test_every_module_may_be_the_first_that_is_imported():
    """A package's own file is imported before its modules, so that a circle may hide behind it."""
    code = (
        "import os, sys\n"
        "import docx, jinja2, lxml.etree, matplotlib, openpyxl, pandas, pydantic, yaml\n"  # not again in each fork
        "for name in sys.argv[1:]:\n"
        "    if not (child := os.fork()):\n"
        "        __import__(name)\n"
        "        os._exit(0)\n"
        "    assert os.waitpid(child, 0)[1] == 0, name\n"
    )
    names = [name_of(path) for path in modules() if path.name != "__main__.py"]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
