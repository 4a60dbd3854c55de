"""`auditor index …`: making, changing, checking and exchanging indexes."""

from __future__ import annotations

import click

from auditor.cli.lazy import LazyGroup

VERBS: dict[str, tuple[str, str]] = {
    "build": ("auditor.cli.index.build:build", "Make an index from a folder of pictures per artist."),
    "add": ("auditor.cli.index.build:add", "Add artists and works to an index."),
    "withdraw": ("auditor.cli.index.change:withdraw", "Stop matching works or artists; a tombstone stays."),
    "feedback": ("auditor.cli.index.change:feedback", "Record that a hash matches too much."),
    "merge": ("auditor.cli.index.change:merge", "Join several indexes into one."),
    "list": ("auditor.cli.index.works:list_", "List the works of an index: id, artist, title, status."),
    "diff": ("auditor.cli.index.change:diff", "Say what changed between two indexes."),
    "info": ("auditor.cli.index.info:info", "Say what an index holds."),
    "verify": ("auditor.cli.index.info:verify", "Check every file, the signature and the version chain."),
    "lint": ("auditor.cli.index.info:lint", "Say what should be corrected before an index is shared."),
    "import": ("auditor.cli.index.exchange:import_", "Read another tool's list as an index."),
    "export": ("auditor.cli.index.exchange:export", "Write an index as a list that other tools read."),
    "sign": ("auditor.cli.index.trust:sign", "Sign an index."),
    "keygen": ("auditor.cli.index.trust:keygen", "Make a key to sign with."),
}
"""verb -> (module:attribute, help line). Modules are imported only when their verb is called."""


@click.group(cls=LazyGroup, table=VERBS)
def index() -> None:
    """Opt-out lists as data: a folder of hashes and names that can be made, shared, checked and corrected.

    \b
    auditor index build my-art --out my-optout     pictures stay here, only hashes are written
    auditor index info my-optout
    auditor index verify my-optout
    """
