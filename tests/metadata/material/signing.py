"""A certificate authority of the tests' own, and C2PA manifests signed with it."""

from __future__ import annotations

import datetime
import functools
import io
import json
from dataclasses import dataclass
from typing import Any

import pytest

MIME = {
    "JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/tiff", "AVIF": "image/avif",
    "GIF": "image/gif",
}  # fmt: skip
AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CAMERA = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"


@dataclass(frozen=True, slots=True)
class Authority:
    """PEM texts of a root, a signing chain and its key."""

    root: str
    chain: bytes
    key: bytes


@functools.cache
def authority() -> Authority:
    """A root and one signing certificate, made once per test run."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(common: str) -> Any:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test Authority"),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )

    def usage(**given: bool) -> Any:
        names = (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )  # fmt: skip
        return x509.KeyUsage(**{item: given.get(item, False) for item in names})

    start, end = datetime.datetime(2024, 1, 1), datetime.datetime(2044, 1, 1)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def begin(subject: str, public: Any, serial: int) -> Any:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Test Root"))
            .public_key(public)
            .serial_number(serial)
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        )

    root = (
        begin("Test Root", root_key.public_key(), 1)
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        begin("Test Signer", key.public_key(), 2)
        .add_extension(x509.BasicConstraints(False, None), True)
        .add_extension(usage(digital_signature=True), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return Authority(
        root.public_bytes(pem).decode(),
        leaf.public_bytes(pem) + root.public_bytes(pem),
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def training_mining(label: str = "cawg.training-mining", **uses: Any) -> dict[str, Any]:
    """An assertion; keywords are entry names without their prefix."""
    prefix = label.partition(".")[0]
    entries = {f"{prefix}.{entry}": use if isinstance(use, dict) else {"use": use} for entry, use in uses.items()}
    return {"label": label, "data": {"entries": entries}}


def actions(kind: str = "c2pa.created", source_type: str | None = CAMERA) -> dict[str, Any]:
    """An actions assertion with one action."""
    action: dict[str, Any] = {"action": kind}
    if source_type is not None:
        action["digitalSourceType"] = source_type
    return {"label": "c2pa.actions", "data": {"actions": [action]}}


def sign(
    data: bytes,
    kind: str,
    *assertions: dict[str, Any],
    ingredient: bytes | None = None,
    remote: str | None = None,
    embed: bool = True,
    claim: str | None = None,
) -> bytes:
    """Return the file with a signed manifest.

    With an ingredient it becomes the parent, and the first action is `c2pa.opened`. With `remote` the file refers to
    an address; with `embed=False` it holds nothing else.
    """
    c2pa = pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    maker = authority()
    settings = {
        "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    manifest = {
        "claim_generator_info": [{"name": claim or "tests", "version": "1"}],
        "title": "picture",
        "assertions": list(assertions),
    }
    with c2pa.Context.from_dict(settings) as context, c2pa.Builder(json.dumps(manifest), context=context) as builder:
        if ingredient is not None:
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
            builder.add_ingredient({"title": "before", "relationship": "parentOf"}, MIME[kind], io.BytesIO(ingredient))
        if remote is not None:
            builder.set_remote_url(remote)
        if not embed:
            builder.set_no_embed()
        info = c2pa.C2paSignerInfo(b"es256", maker.chain, maker.key, None)
        target = io.BytesIO()
        with c2pa.Signer.from_info(info) as signer:
            builder.sign(signer, MIME[kind], io.BytesIO(data), target)
    return target.getvalue()
