"""DSSE envelopes signed with Ed25519: sign and verify, given keys as objects. No file is touched here.

Source: Dead Simple Signing Envelope v1.0 (secure-systems-lab/dsse, protocol.md and envelope.md). A key id is
`SHA256:` and the unpadded base64 of the SHA-256 of the raw 32-byte public key; it is a hint only, and every
signature is checked under the keys that the caller trusts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.support.extras import require

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_BYTES = 64_000_000
"""Largest envelope that is parsed."""


class EnvelopeError(ValueError):
    """An envelope is malformed, or no signature of it holds under a trusted key."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The payload of an envelope, and the key that vouches for it."""

    payload: bytes
    payload_type: str
    key_id: str


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: `DSSEv1 len(type) type len(payload) payload`, lengths in decimal bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """The raw 32 bytes of a public key."""
    return key.public_bytes_raw()


def key_id(key: Ed25519PublicKey) -> str:
    """`SHA256:` and the unpadded base64 of the SHA-256 of the raw public key."""
    digest = hashlib.sha256(public_bytes(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def sign(payload: bytes, payload_type: str, key: Ed25519PrivateKey) -> bytes:
    """Return the envelope as canonical JSON with a newline at its end."""
    signature = key.sign(pre_authentication_encoding(payload_type, payload))
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [{"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}],
    }
    return _canonical(envelope)


def verify(envelope: bytes, payload_type: str, trusted: Iterable[Ed25519PublicKey]) -> Verified:
    """Return the payload if at least one signature holds under a trusted key.

    Raises:
        EnvelopeError: malformed, of another payload type, or not signed by any of the trusted keys.
        MissingExtra: the package for signatures is not installed.
    """
    require("cryptography")
    from cryptography.exceptions import InvalidSignature

    payload, signatures = read(envelope, payload_type)
    message = pre_authentication_encoding(payload_type, payload)
    keys = tuple(trusted)
    for signature in signatures:
        for key in keys:
            try:
                key.verify(signature, message)
            except InvalidSignature:
                continue
            return Verified(payload, payload_type, key_id(key))
    raise EnvelopeError("no signature of it was made by a trusted key")


def read(envelope: bytes, payload_type: str) -> tuple[bytes, tuple[bytes, ...]]:
    """Return payload and raw signatures **without** checking any of them.

    Raises:
        EnvelopeError: malformed, or of another payload type.
    """
    if len(envelope) > MAX_BYTES:
        raise EnvelopeError(f"it is larger than {MAX_BYTES} bytes")
    try:
        document = json.loads(envelope)
        found = document["payloadType"]
        payload = _base64(document["payload"])
        signatures = tuple(_base64(item["sig"]) for item in document["signatures"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise EnvelopeError(f"it is not a DSSE envelope ({type(error).__name__})") from error
    if found != payload_type:
        raise EnvelopeError(f"its payload type is {found!r}, expected {payload_type!r}")
    if not signatures:
        raise EnvelopeError("it carries no signature")
    return payload, signatures


def is_canonical(envelope: bytes) -> bool:
    """Say whether the bytes are exactly those `sign` writes for their values.

    Base64 is compared after writing it anew: its last character may hold bits that decoding does not see.
    """
    try:
        document = json.loads(envelope)
        parts = [document["payload"], *(item["sig"] for item in document["signatures"])]
        same = all(base64.b64encode(_base64(part)).decode() == part for part in parts)
        return same and _canonical(document) == envelope and set(document) == {"payload", "payloadType", "signatures"}
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _canonical(envelope: object) -> bytes:
    return (json.dumps(envelope, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _base64(value: object) -> bytes:
    if not isinstance(value, str):
        raise TypeError("not text")
    # Both alphabets are allowed by the specification; anything else in the text is refused.
    normal = value.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(normal + "=" * (-len(normal) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
