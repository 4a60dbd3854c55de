"""`auditor index …`: making, changing, checking and exchanging indexes."""

from __future__ import annotations

import difflib
import importlib

import click

VERBS: dict[str, tuple[str, str]] = {
    "build": ("auditor.cli.index_build:build", "Make an index from a folder of pictures per artist."),
    "add": ("auditor.cli.index_build:add", "Add artists and works to an index."),
    "withdraw": ("auditor.cli.index_change:withdraw", "Stop matching works or artists; a tombstone stays."),
    "feedback": ("auditor.cli.index_change:feedback", "Record that a hash matches too much."),
    "merge": ("auditor.cli.index_change:merge", "Join several indexes into one."),
    "diff": ("auditor.cli.index_change:diff", "Say what changed between two indexes."),
    "info": ("auditor.cli.index_info:info", "Say what an index holds."),
    "verify": ("auditor.cli.index_info:verify", "Check every file, the signature and the version chain."),
    "lint": ("auditor.cli.index_info:lint", "Say what should be corrected before an index is shared."),
    "import": ("auditor.cli.index_exchange:import_", "Read another tool's list as an index."),
    "export": ("auditor.cli.index_exchange:export", "Write an index as a list that other tools read."),
    "sign": ("auditor.cli.index_trust:sign", "Sign an index."),
    "keygen": ("auditor.cli.index_trust:keygen", "Make a key to sign with."),
}
"""verb -> (module:attribute, help line). Modules are imported only when their verb is called."""


class IndexGroup(click.Group):
    """Imports a verb's module when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Verbs in the order of an index's life."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the verb."""
        if cmd_name not in VERBS:
            return None
        module, _, attribute = VERBS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, text) for verb, (_, text) in VERBS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest verb for an unknown one."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " 'auditor index --help' lists the commands."
            raise click.UsageError(f"There is no command 'index {args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=IndexGroup)
def index() -> None:
    """Opt-out lists as data: a folder of hashes and names that can be made, shared, checked and corrected.

    \b
    auditor index build my-art --out my-optout     pictures stay here, only hashes are written
    auditor index info my-optout
    auditor index verify my-optout
    """
