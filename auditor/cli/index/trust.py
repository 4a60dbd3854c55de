"""`auditor index keygen` and `auditor index sign`."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.console import tell
from auditor.cli.index.common import today


@click.command()
@click.argument("file", metavar="KEY", type=click.Path(path_type=Path))
def keygen(file: Path) -> None:
    """Make an Ed25519 key: KEY is private and stays with you, KEY.pub is what others pin with --trust.

    \b
    auditor index keygen my.key
    """
    from auditor.index.making.sign import generate

    identity = generate(file)
    tell(f"private key {file} (keep it to yourself), public key {file}.pub")
    tell(f"key id {identity}")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--key", required=True, metavar="KEY", type=click.Path(path_type=Path), help="Private key file.")
def sign(folder: Path, key: Path) -> None:
    """Sign this version of the index in DIR: writes index.sig. Every new version has to be signed anew.

    \b
    auditor index sign my-index --key my.key
    """
    from auditor.index.making.sign import load_private, sign_index

    identity = sign_index(folder, load_private(key), today())
    tell(f"{folder}: signed with {identity}")
