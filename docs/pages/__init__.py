"""Pages that are made from the code's own data, so that they cannot tell another story than the code.

Each module here has `PAGE`, the file it makes under docs/, and `text()`. `python -m docs.pages` writes
them all; a test holds that what is committed is what they make.
"""
