"""The examples in the docstrings of reading are true."""

import doctest

import pytest

from perfkit.values import cell, reading


@pytest.mark.parametrize("module", [cell, reading], ids=lambda module: module.__name__)
def test_the_examples_of_a_module_hold(module):
    ran = doctest.testmod(module)
    assert (ran.failed, ran.attempted > 0) == (0, True)
