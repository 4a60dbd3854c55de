"""Whose index is it? Ed25519 signatures over the digest of index.json, and the keys a reader has pinned.

`index.sig` is a DSSE envelope. Its payload repeats id, version and digest of the index and carries the signer's
public key. That key proves nothing about who signed: it lets anyone notice a damaged signature. Trust comes only
from a key the reader has pinned (`--trust`, configuration).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import IndexCorrupt, IndexUntrusted, UsageError
from auditor.index.format.manifest import Manifest
from auditor.index.format.schema import SIGNATURE
from auditor.support import dsse, reading
from auditor.support.extras import available, require

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PAYLOAD_TYPE = "application/vnd.provenance-auditor.index-signature+json"
FORMAT = "auditor-index-signature/1"
OLD_SIGNATURE = f"{SIGNATURE}.old"
"""The signature of the version before, kept beside a new version that is not signed yet. Nothing relies on it."""
MAX_BYTES = 100_000
_KEY_ID = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A pinned key."""

    key_id: str
    """`SHA256:` and the base64 of the SHA-256 of the raw public key."""


def parse_trusted(text: str) -> TrustedKey:
    """Read what `--trust` says: a key id `SHA256:…`, or a file with a public key in PEM.

    Raises:
        UsageError: neither.
        MissingExtra: a file is given and the package for keys is not installed.
    """
    if _KEY_ID.fullmatch(text):
        return TrustedKey(text)
    if text.startswith("SHA256:"):
        raise UsageError(f"--trust {text}: a key id is 'SHA256:' and 43 characters. Copy it whole.")
    return TrustedKey(dsse.key_id(load_public(Path(text))))


def load_public(path: Path) -> Ed25519PublicKey:
    """Read a public key in PEM.

    Raises:
        UsageError: there is no such file, or it holds no Ed25519 public key.
        MissingExtra: the package for keys is not installed.
    """
    require("cryptography")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        with reading.open_file(path) as stream:
            key = load_pem_public_key(stream.read(MAX_BYTES))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}). Give a public key file, or a key id that begins with SHA256:."
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(
            f"{path} holds no public key. Give the .pub file that 'auditor index keygen' wrote."
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{path} holds a key of another kind than Ed25519. 'auditor index keygen' makes one.")
    return key


def signature_payload(manifest: Manifest, key: Ed25519PublicKey, on: str) -> bytes:
    """What is signed about an index."""
    document = {
        "format": FORMAT,
        "index": {
            "id": manifest.id,
            "name": manifest.name,
            "version": manifest.version,
            "digest": manifest.digest,
            "issued": manifest.issued,
            "expires": manifest.expires,
        },
        "key": base64.b64encode(dsse.public_bytes(key)).decode(),
        "signed": on,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def check_signature(folder: Path, manifest: Manifest, trusted: Sequence[TrustedKey] = ()) -> str | None:
    """What can be said of an index's signature: None = there is none, `unverified`, or `verified:KEYID`.

    Raises:
        IndexUntrusted: keys are pinned, and the index is unsigned, signed by another key, or the signature is for
            another version.
        IndexCorrupt: no key is pinned, and the signature does not hold for this index.
        MissingExtra: keys are pinned and the package for signatures is not installed.
    """
    path = folder / SIGNATURE
    try:
        with reading.open_file(path) as stream:
            envelope = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        if not trusted:
            return None
        raise IndexUntrusted(
            f"{folder} is not signed, and only signatures of {_listed(trusted)} are trusted. Fetch the signed index "
            f"with its {SIGNATURE}, or leave out --trust."
        ) from error
    except OSError as error:
        raise IndexCorrupt(
            f"{folder}: {SIGNATURE} cannot be read ({error.strerror}). Check its permissions."
        ) from error
    if not trusted and not available("cryptography"):
        return "unverified"
    require("cryptography")
    signer = _self_consistent(folder, envelope, manifest)
    if not trusted:
        return "unverified"
    if signer not in {key.key_id for key in trusted}:
        raise IndexUntrusted(
            f"{folder}: {SIGNATURE} was made by the key {signer}, and only {_listed(trusted)} is trusted. Ask the "
            "publisher whether the key has changed; if so, pin the new one with --trust."
        )
    return f"verified:{signer}"


def _self_consistent(folder: Path, envelope: bytes, manifest: Manifest) -> str:
    """The id of the key that the signature names and that made it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw, _ = dsse.read(envelope, PAYLOAD_TYPE)
        payload = _payload(raw)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(payload["key"], validate=True))
        verified = dsse.verify(envelope, PAYLOAD_TYPE, [key])
        if not dsse.is_canonical(envelope) or json.loads(envelope)["signatures"][0]["keyid"] != verified.key_id:
            raise ValueError("it was changed after signing")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexCorrupt(
            f"{folder}: {SIGNATURE} is damaged ({error}). Fetch it again from the publisher, or sign anew with "
            "'auditor index sign'."
        ) from error
    signed = payload["index"]
    if signed.get("digest") != manifest.digest:
        raise IndexUntrusted(
            f"{folder}: {SIGNATURE} is for version {signed.get('version')} with another digest than this "
            f"{manifest.version}: the signature or the index was swapped. Fetch both again from the publisher, or sign "
            "this version with 'auditor index sign'."
        )
    return verified.key_id


def _payload(raw: bytes) -> dict[str, Any]:
    payload = json.loads(raw)
    if not isinstance(payload, dict) or payload.get("format") != FORMAT or not isinstance(payload.get("index"), dict):
        raise ValueError("its payload is not about an index")
    return payload


def _listed(trusted: Sequence[TrustedKey]) -> str:
    return " or ".join(key.key_id for key in trusted)
