"""The command group and the one error boundary."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from auditor.cli.console import say_error, say_usage
from auditor.cli.lazy import LazyGroup
from auditor.errors import AuditorError
from auditor.support import writing
from auditor.support.ending import end_in_order
from auditor.version import __version__

VERBS: dict[str, tuple[str, str]] = {
    "scan": ("auditor.cli.scan:scan", "Audit a training folder against indexes of opted-out works."),
    "samples": ("auditor.cli.samples:samples", "List what a trainer would train on, and why files are left out."),
    "names": ("auditor.cli.names:names", "Search texts alone for the names of listed artists."),
    "index": ("auditor.cli.index.group:index", "Make, check, correct and exchange indexes of opted-out works."),
    "report": ("auditor.cli.report:report", "Write a JSON report again in other formats."),
    "waive": ("auditor.cli.waive:waive", "Record that a finding, or an artist's licence, is allowed."),
    "waivers": ("auditor.cli.waivers:waivers", "List recorded waivers, remove those that cover nothing."),
    "inspect": ("auditor.cli.inspect:inspect", "Show all that a file says of itself, and its hashes."),
    "clean": ("auditor.cli.clean:clean", "Set aside what a report flags, and put it back."),
    "attest": ("auditor.cli.attest:attest", "State in a verifiable form what a report found."),
    "verify": ("auditor.cli.verify:verify", "Check such a statement against a dataset."),
    "doctor": ("auditor.cli.doctor:doctor", "Say what is installed and what a scan would check."),
    "explain": ("auditor.cli.explain:explain", "Say what a rule means and what to do."),
}
"""verb -> (module:attribute, help line). Modules are imported only when their verb is called."""


@click.group(
    cls=LazyGroup, table=VERBS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="auditor")
def cli() -> None:
    """Find opted-out artists' works and names in a training set before a LoRA is released.

    \b
    auditor index build ARTISTS --out my-index     hashes of the artists' pictures, one folder each
    auditor scan DATASET --index my-index          what the training folder copies or names

    Nothing leaves this machine. Exit codes: 0 pass, 1 the policy is violated, 2 could not run,
    3 not everything was audited, 130 interrupted.
    """


def _crash_log() -> Path | None:
    """Write the traceback where a bug report can take it from; None where that is not possible."""
    import platformdirs

    try:
        folder = Path(platformdirs.user_log_dir("auditor", appauthor=False))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "crash.log"
        writing.write_whole(path, f"auditor {__version__}, Python {sys.version}\n\n{traceback.format_exc()}")
    except OSError:
        return None
    return path


def run(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no exception leaves."""
    stdout = sys.stdout
    try:
        result = cli.main(args=list(argv) if argv is not None else None, prog_name="auditor", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _interrupted()
    except SystemExit:
        if "_AUDITOR_COMPLETE" in os.environ:
            raise
        # Click and Rich end with 1 where the reader of a pipe went away, which would say "violated".
        sys.stdout = stdout
        return _ended_by(BrokenPipeError())
    except Exception as error:
        return _interrupted() if _while_interrupted(error) else _ended_by(error)
    return result if isinstance(result, int) else 0


def _while_interrupted(error: BaseException | None) -> bool:
    """Whether an error is an interruption, or was raised while one was cleaned up after: worker processes get the
    same Ctrl-C, and what they leave behind (a broken pipe) must not hide why everything ends."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt | click.Abort):
            return True
        error = error.__context__
    return False


def _interrupted() -> int:
    click.echo(err=True)  # the cursor stands behind ^C
    say_error("Interrupted: the command did not finish, and no result was written. Run it again.")
    return 130


def _ended_by(error: Exception) -> int:
    """Say what ended the command, and return its exit code."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        say_usage(error)
        return 2
    if isinstance(error, AuditorError):
        say_error(f"auditor: {error}")
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        # The reader of our output went away (`| head`): say nothing more, and keep the interpreter from retrying.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    log = _crash_log()
    say_error(f"auditor: crashed: {type(error).__name__}: {error}")
    for line in [f"The details are in {log}."] if log else traceback.format_exc().splitlines():
        say_error(line)
    say_error("This is a bug: please report it.")
    return 2


def main() -> NoReturn:
    """Console entry point."""
    end_in_order()
    sys.exit(run())
