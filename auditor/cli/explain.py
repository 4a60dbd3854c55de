"""`auditor explain RULE`: what a rule means and what to do."""

from __future__ import annotations

import difflib

import click
from rich.table import Table

from auditor.cli.console import stdout
from auditor.cli.outputs.coverage_page import page
from auditor.errors import UsageError
from auditor.rules import BY_ID, RULES

COVERAGE = "coverage"
"""Word that stands for the page on coverage."""


@click.command()
@click.argument("rule", required=False)
@click.option("--markdown", is_flag=True, help="Print the page docs/rules.md.")
def explain(rule: str | None, markdown: bool) -> None:
    """Say what RULE means, how sure it is, and what to do. Without RULE, list all rules.

    `coverage` in the place of a rule says what a PASS means, and what each reason of a skip.

    \b
    auditor explain
    auditor explain copy.region
    auditor explain coverage
    """
    if rule == COVERAGE:
        click.echo(page(), nl=False)
        return
    if markdown:
        click.echo(rules_page(), nl=False)
        return
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


def rules_page() -> str:
    """The whole rule table as a Markdown page, one anchor per rule."""
    parts = [
        "# Rules\n",
        "Every finding carries one of these ids. `auditor explain RULE` prints the same text. A severity here is the",
        "default: a finding about something that is carried but not trained is graded one step lower, and says so.\n",
        "| rule | severity | |\n|---|---|---|",
        *(f"| [`{rule.id}`](#{rule.slug}) | {rule.severity} | {rule.name} |" for rule in RULES),
    ]
    for rule in RULES:
        parts.append(
            f'\n## {rule.id}\n<a id="{rule.slug}"></a>\n\n**{rule.name}** (default severity: {rule.severity})\n'
        )
        parts.append(rule.help)
    return "\n".join(parts) + "\n"
