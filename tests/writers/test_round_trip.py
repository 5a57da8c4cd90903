"""What is written reads back: over generated forms, with every layout, as Excel and as Word."""

import pytest
from hypothesis import given, settings

from perfkit.readers.formats import parse
from perfkit.writers import write
from tests.writers.drawn import laid_out


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
@settings(max_examples=60)
@given(case=laid_out())
def test_reading_what_was_written_gives_the_same_form(tmp_path_factory, ending, case):
    form, layout = case
    path = tmp_path_factory.mktemp("written") / f"form{ending}"
    write(form, path, layout=layout)
    (read,) = parse(path.read_bytes(), path.name)
    assert read == form
    assert read.unread == ()
