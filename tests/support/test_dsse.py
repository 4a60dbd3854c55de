from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.support import dsse

ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))


def test_the_bytes_that_are_signed() -> None:
    """The example of the DSSE protocol."""
    encoded = dsse.pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert dsse.pre_authentication_encoding("é", b"") == "DSSEv1 2 é 0 ".encode()


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_signed_verifies_under_its_key_only(payload: bytes, kind: str) -> None:
    kind = kind.encode("utf-8", "replace").decode()
    envelope = dsse.sign(payload, kind, KEY)
    verified = dsse.verify(envelope, kind, [OTHER.public_key(), KEY.public_key()])
    assert verified == dsse.Verified(payload, kind, dsse.key_id(KEY.public_key()))
    assert dsse.is_canonical(envelope)
    with pytest.raises(dsse.EnvelopeError, match="trusted key"):
        dsse.verify(envelope, kind, [OTHER.public_key()])
    with pytest.raises(dsse.EnvelopeError, match="payload type"):
        dsse.verify(envelope, kind + "x", [KEY.public_key()])


def test_another_tools_envelope_is_read() -> None:
    """URL-safe base64 without padding, more signatures, other key ids, white space."""
    payload = b"\xff\xfe\xfd?>"
    good = KEY.sign(dsse.pre_authentication_encoding("t", payload))
    document = {
        "payloadType": "t",
        "payload": base64.urlsafe_b64encode(payload).decode().rstrip("="),
        "signatures": [
            {"sig": base64.b64encode(b"0" * 64).decode()},
            {"keyid": "anything", "sig": base64.b64encode(good).decode()},
        ],
    }
    envelope = json.dumps(document, indent=2).encode()
    assert dsse.verify(envelope, "t", [KEY.public_key()]).payload == payload
    assert not dsse.is_canonical(envelope)


def test_bits_that_decoding_does_not_see_are_not_canonical() -> None:
    envelope = dsse.sign(b"a", "t", KEY)
    document = json.loads(envelope)
    assert document["payload"] == "YQ=="
    changed = envelope.replace(b"YQ==", b"YR==")
    assert dsse.verify(changed, "t", [KEY.public_key()]).payload == b"a"
    assert dsse.is_canonical(envelope)
    assert not dsse.is_canonical(changed)
    assert not dsse.is_canonical(b"{}")


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"payload": 1, "payloadType": "t", "signatures": []}',
        b'{"payload": "", "payloadType": "t", "signatures": []}',
        b'{"payload": "*", "payloadType": "t", "signatures": [{"sig": ""}]}',
        b'{"payload": "", "payloadType": "t", "signatures": [{}]}',
        b'{"payload": "", "payloadType": "t", "signatures": {"sig": 1}}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_is_no_envelope(envelope: bytes) -> None:
    with pytest.raises(dsse.EnvelopeError):
        dsse.verify(envelope, "t", [KEY.public_key()])


def test_a_huge_envelope_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dsse, "MAX_BYTES", 10)
    with pytest.raises(dsse.EnvelopeError, match="larger than 10"):
        dsse.read(b"x" * 11, "t")


def test_key_ids_are_fingerprints_of_the_raw_key() -> None:
    import hashlib

    raw = KEY.public_key().public_bytes_raw()
    assert dsse.public_bytes(KEY.public_key()) == raw
    expected = base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
    assert dsse.key_id(KEY.public_key()) == f"SHA256:{expected}"
