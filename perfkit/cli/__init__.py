"""The command line: data on stdout, messages and progress on stderr.

Exit status: 0 done; 1 done, with error findings (`check`), failed reports (`report`) or a machine that
needs mending (`doctor`); 2 usage, input that cannot be read, or a place that cannot be written to. A user's
mistake never ends in a traceback.
"""

from __future__ import annotations

import codecs
import os
import sys
from typing import NoReturn

import click

from perfkit import __version__
from perfkit.cli import bundling, departments, forms, reports, workspaces
from perfkit.cli.speaking import Commands, language_of, nearest, show_code_points, speak_in
from perfkit.errors import Fault, PerfkitError, refused
from perfkit.language import spoken
from perfkit.text import say
from perfkit.workspace import shown

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Commands, context_settings=CONTEXT, epilog="status", invoke_without_command=True)
@click.version_option(__version__, prog_name="perfkit")
@click.pass_context
def cli(context: click.Context) -> None:
    """Read, score, review and report fiscal self-evaluation forms.

    \b
    Start here:
      perfkit init
      perfkit import forms/*.xlsx
      perfkit report params
    """
    if context.invoked_subcommand is None:
        workspaces.three_steps()


for command in (
    workspaces.init,
    forms.import_,
    forms.score,
    forms.check,
    departments.rollup,
    reports.report,
    reports.why,
    reports.preview,
    bundling.bundle,
    departments.verify,
    forms.export,
    forms.profiles,
    forms.explain,
    forms.words,
    forms.schema,
    departments.summary,
    reports.diff,
    reports.query,
    workspaces.doctor,
    workspaces.completion,
):
    cli.add_command(command)


def _system(error: OSError) -> Fault:
    """Say what the system refused, and where."""
    name = shown(error.filename) if isinstance(error.filename, str) else ""
    return Fault(say("cli.system"), name, got=refused(error), hint=say("cli.system.hint"))


def _unknown_here(error: UnicodeEncodeError) -> Fault:
    """Say that a name cannot be written in the system's encoding, such as one in UTF-8 under zh_CN.GBK."""
    return Fault(
        say("cli.name_encoding"),
        str(error.object),
        expected=error.encoding,
        hint=say("cli.name_encoding.hint"),
    )


def main() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    show_code_points(sys.stdout, sys.stderr)
    speak_in(language_of(sys.argv[1:]), cli)
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo(say("cli.stopped")[spoken()], err=True)
        status = 130
    except click.NoSuchOption as error:
        nearest(error).show()
        status = error.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except PerfkitError as error:
        click.echo(say("cli.failed", error=error)[spoken()], err=True)
        status = 2
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except UnicodeEncodeError as error:
        if codecs.lookup(error.encoding) != codecs.lookup(sys.getfilesystemencoding()):
            raise
        click.echo(say("cli.failed", error=_unknown_here(error))[spoken()], err=True)
        status = 2
    except OSError as error:  # a full disk, a folder that nobody may write in
        click.echo(say("cli.failed", error=_system(error))[spoken()], err=True)
        status = 2
    sys.exit(status if isinstance(status, int) else 0)
