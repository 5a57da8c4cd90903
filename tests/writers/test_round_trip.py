"""What is written reads back: over generated forms, with every layout, as Excel and as Word."""

import pytest
from hypothesis import assume, given, settings

from perfkit.readers.formats import parse
from perfkit.readers.layout.kinds import is_empty
from perfkit.writers import write
from tests.writers.drawn import laid_out, without_unseen


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
@settings(max_examples=60)
@given(case=laid_out())
def test_reading_what_was_written_gives_the_same_form(tmp_path_factory, ending, case):
    form, layout = case
    assume(not is_empty(form))  # that one is refused as a template: readers/test_kinds.py
    path = tmp_path_factory.mktemp("written") / f"form{ending}"
    write(form, path, layout=layout)
    (read,) = parse(path.read_bytes(), path.name)
    assert read == without_unseen(form)
    assert read.unread == ()
