"""The syntax trees of modules, for the tests that read the package's own code."""

import ast
import gc


def tree(path):
    """Parse a module while nothing is collected: a finalizer that prints a traceback parses too.

    Python 3.11 counts the depth of a tree for all who parse at once, and raises SystemError where two do.
    """
    source = path.read_text(encoding="utf-8")
    gc.disable()
    try:
        return ast.parse(source)
    finally:
        gc.enable()
