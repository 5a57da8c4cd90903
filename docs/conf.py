"""The documentation site: Markdown by MyST, the Python reference from the docstrings."""

from pygments.lexers.shell import BashLexer
from sphinx.application import Sphinx

import perfkit

project = "perfkit"
author = "The perfkit developers"
release = perfkit.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build", "pages"]
html_theme = "furo"
html_title = f"perfkit {release}"
html_last_updated_fmt = None
myst_heading_anchors = 3
copybutton_prompt_text = "$ "
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True, "undoc-members": False, "show-inheritance": True}
nitpicky = False


def setup(app: Sphinx) -> None:
    """Show crontab lines as shell commands: Pygments knows no lexer of their own."""
    app.add_lexer("crontab", BashLexer)
