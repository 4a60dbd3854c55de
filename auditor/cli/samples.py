"""`auditor samples`: what the trainer would train on, with nothing compared."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from auditor.cli.console import say, stdout
from auditor.cli.inputs.paths import layout_options, parse_pairs
from auditor.model import Sample
from auditor.report.json import dumps

ROWS_PER_TABLE = 500
"""Rows that are laid out together; a long list is printed while it is read."""
CAPTION_SHOWN = 200


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@layout_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with every sample instead of a table.")
def samples(path: Path, layout: str, layout_values: tuple[str, ...], as_json: bool) -> None:
    """List what a trainer would train on: every picture with its captions and where each came from.

    PATH is a training folder, a trainer's configuration, an archive or a finished LoRA. Pictures that the
    trainer would leave out are listed too, with the reason, and so is what is named but not there. Nothing is
    compared with anything.

    \b
    auditor samples my-dataset --layout kohya -L caption_extension=.txt
    auditor samples dataset.toml --json
    """
    from auditor.datasets.interface import LayoutOptions
    from auditor.datasets.layouts.detect import choose

    chosen = choose(str(path), layout, LayoutOptions(parse_pairs(layout_values)))
    if layout == "auto":
        say(chosen.explanation)
    listed = (sample for sample in chosen.samples() if sample.kind != "carrier" or sample.skip is not None)
    if as_json:
        parts = json_parts(listed)
        # Written in blocks: one call per sample would cost more than listing it.
        while block := "".join(itertools.islice(parts, 4 * ROWS_PER_TABLE)):
            click.echo(block, nl=False)
        return
    _print_table(listed)


def json_parts(listed: Iterable[Sample]) -> Iterator[str]:
    """The JSON text in pieces, one sample a line, so that memory stays flat."""
    yield '{"samples": ['
    separator = "\n"
    for sample in listed:
        yield separator + dumps(_value(sample))
        separator = ",\n"
    yield "\n]}\n"


def _value(sample: Sample) -> dict[str, object]:
    return {
        "path": sample.path,
        "trained": sample.trained,
        "reason": sample.reason,
        **({"skip": sample.skip} if sample.skip is not None else {}),
        "role": sample.role,
        "repeats": sample.repeats,
        "captions": [{"text": item.text, "source": item.source, "line": item.line} for item in sample.captions],
    }


def _print_table(listed: Iterator[Sample]) -> None:
    console = stdout()
    left_out: Counter[str] = Counter()
    trained: Counter[str] = Counter()
    unseen: Counter[str] = Counter()
    while chunk := list(itertools.islice(listed, ROWS_PER_TABLE)):
        table = Table(box=None, pad_edge=False)
        table.add_column("path", overflow="fold", ratio=3)
        table.add_column("role", no_wrap=True)
        table.add_column("×", justify="right", no_wrap=True)
        table.add_column("caption, or why it is left out", overflow="fold", ratio=4)
        table.add_column("from", overflow="fold", ratio=2)
        for sample in chunk:
            if sample.kind == "carrier":
                unseen[sample.skip or ""] += 1
            elif sample.trained:
                trained[sample.role] += 1
            else:
                left_out[sample.reason or "left out"] += 1
            table.add_row(*map(Text, _cells(sample)))
        console.print(table)
    total = sum(trained.values()) + sum(left_out.values())
    roles = ", ".join(f"{count:,} {role}" for role, count in sorted(trained.items())) or "none"
    console.print(f"\n{total:,} pictures. Trained on: {roles}. Left out: {sum(left_out.values()):,}.", markup=False)
    for reason, count in left_out.most_common():
        console.print(f"  {count:,}  {reason}", markup=False)
    if unseen:
        told = ", ".join(f"{reason} {count:,}" for reason, count in sorted(unseen.items()))
        console.print(f"Besides: {told}.", markup=False)


def _cells(sample: Sample) -> tuple[str, str, str, str, str]:
    path = _shown(sample.path)
    if not sample.trained:
        return path, sample.role, "", f"– {sample.reason}", ""
    texts = "\n".join(_shown(caption.text)[:CAPTION_SHOWN] or "(empty)" for caption in sample.captions)
    sources = "\n".join(
        _shown(caption.source) + (f":{caption.line}" if caption.line is not None else "") for caption in sample.captions
    )
    return path, sample.role, str(sample.repeats), texts or "(no caption)", sources


def _shown(text: str) -> str:
    """Text that a terminal may get: control characters and odd bytes are shown, not sent."""
    plain = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in plain)
