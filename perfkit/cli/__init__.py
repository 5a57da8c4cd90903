"""The command line: data on stdout, messages and progress on stderr.

Exit status: 0 done; 1 done, with error findings (`check`), failed reports (`report`) or a machine that
needs mending (`doctor`); 2 usage, input that cannot be read, or a place that cannot be written to. A user's
mistake never ends in a traceback.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from perfkit import __version__
from perfkit.cli import forms, reports, rolling, rules, workspaces
from perfkit.errors import Fault, PerfkitError, refused
from perfkit.workspace import shown

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
STATUS = "Exit status: 0 done; 1 error findings or failed reports; 2 a mistake in the command or its input."


@click.group(context_settings=CONTEXT, epilog=STATUS)
@click.version_option(__version__, prog_name="perfkit")
def cli() -> None:
    """Read, score, review and report fiscal self-evaluation forms (财政项目支出绩效自评表).

    \b
    Start here:
      perfkit init my-office        a workspace with an example
      perfkit import forms/*.xlsx   your forms, from Excel, Word, PDF, HTML or text
      perfkit report params         a report for each, HTML and PDF, in reports/
    """


for command in (
    workspaces.init,
    forms.import_,
    forms.score,
    forms.check,
    rolling.rollup,
    reports.report,
    reports.why,
    forms.export,
    rules.profiles,
    rules.explain,
    rules.schema,
    reports.diff,
    reports.query,
    workspaces.doctor,
    workspaces.completion,
):
    cli.add_command(command)


def _system(error: OSError) -> Fault:
    """Say what the system refused, and where."""
    hint = "check the name, the space on the disk, and whether you may write there"
    name = shown(error.filename) if isinstance(error.filename, str) else ""
    return Fault("the file cannot be read or written", name, got=refused(error), hint=hint)


def main() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        status = 130
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except PerfkitError as error:
        click.echo(f"perfkit: {error}", err=True)
        status = 2
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:  # a full disk, a folder that nobody may write in
        click.echo(f"perfkit: {_system(error)}", err=True)
        status = 2
    sys.exit(status if isinstance(status, int) else 0)
