"""`auditor explain RULE`: what a rule means and what to do."""

from __future__ import annotations

import difflib

import click
from rich.table import Table

from auditor.cli.console import stdout
from auditor.errors import UsageError
from auditor.rules import BY_ID, RULES


@click.command()
@click.argument("rule", required=False)
def explain(rule: str | None) -> None:
    """Say what RULE means, how sure it is, and what to do. Without RULE, list all rules.

    \b
    auditor explain
    auditor explain copy.region
    """
    console = stdout()
    if rule is None:
        table = Table(box=None, pad_edge=False)
        for column in ("rule", "severity", "what it says"):
            table.add_column(column, no_wrap=column != "what it says")
        for row in RULES:
            table.add_row(row.id, row.severity, row.name)
        console.print(table)
        return
    found = BY_ID.get(rule)
    if found is None:
        near = difflib.get_close_matches(rule, BY_ID, n=1, cutoff=0.3)
        hint = f"Did you mean '{near[0]}'? " if near else ""
        raise UsageError(f"There is no rule '{rule}'. {hint}'auditor explain' lists them all.")
    console.print(f"[bold]{found.id}[/bold]  {found.name}  (default severity: {found.severity})\n")
    console.print(found.help, markup=False)
