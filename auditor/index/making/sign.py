"""Making keys and signing indexes."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.index.disk.atomic_folder import recover, write_file
from auditor.index.disk.locks import writing_lock
from auditor.index.format.schema import SIGNATURE
from auditor.index.opening.store import open_index
from auditor.index.opening.trust import MAX_BYTES, PAYLOAD_TYPE, signature_payload
from auditor.support import dsse, reading, writing
from auditor.support.extras import require

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def generate(path: Path) -> str:
    """Write a new private key to `path` (readable by its owner only) and the public key to `path` + `.pub`.

    Returns the key id.

    Raises:
        UsageError: one of the files exists already, or cannot be written.
        MissingExtra: the package for keys is not installed.
    """
    require("cryptography")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    public_path = path.with_name(path.name + ".pub")
    for target in (path, public_path):
        if target.exists():
            raise UsageError(f"{target} exists already. A key is never overwritten: name another file.")
    _write_new(path, private, 0o600)
    _write_new(public_path, public, 0o644)
    return dsse.key_id(key.public_key())


def load_private(path: Path) -> Ed25519PrivateKey:
    """Read an Ed25519 private key in PEM.

    Raises:
        UsageError: there is no such file, or it holds no such key.
        MissingExtra: the package for keys is not installed.
    """
    require("cryptography")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        with reading.open_file(path) as stream:
            key = load_pem_private_key(stream.read(MAX_BYTES), password=None)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). 'auditor index keygen' makes a key.") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(
            f"{path} holds no readable private key (PEM, not encrypted). 'auditor index keygen' makes one."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path} holds a key of another kind than Ed25519. 'auditor index keygen' makes one.")
    return key


def sign_index(folder: Path, key: Ed25519PrivateKey, today: date) -> str:
    """Check the index completely, sign it, and return the key id.

    Raises:
        IndexProblem: missing, damaged, being written by another process, or the disk is full.
    """
    open_index(folder, check_files=False, check_signature=False)
    folder = Path(os.path.realpath(folder))
    with writing_lock(folder):
        recover(folder)
        manifest = open_index(folder, hash_limit=None, check_signature=False).manifest
        payload = signature_payload(manifest, key.public_key(), today.isoformat())
        write_file(folder / SIGNATURE, dsse.sign(payload, PAYLOAD_TYPE, key))
    return dsse.key_id(key.public_key())


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        writing.create_new(path, data, mode=mode)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}). Name another file.") from error
