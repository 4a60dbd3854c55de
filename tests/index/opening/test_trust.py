from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.errors import ConfigError, IndexCorrupt, IndexProblem, IndexUntrusted, MissingExtra, UsageError
from auditor.index.format.manifest import Ancestor
from auditor.index.format.schema import SIGNATURE
from auditor.index.making.sign import generate, load_private, sign_index
from auditor.index.making.verify import verify_index
from auditor.index.making.versions import update
from auditor.index.opening import trust
from auditor.index.opening.lineage import Seen, check_successor, load_seen, remembered, save_seen
from auditor.index.opening.store import open_index
from auditor.index.opening.trust import TrustedKey, load_public, parse_trusted
from tests.index.samples import TODAY, content, make_index, person, record

pytest.importorskip("cryptography")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    generate(tmp_path / "ash.key")
    return tmp_path / "ash.key"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_index(tmp_path / "index", [person()], [record(0)])
    return tmp_path / "index"


def sign(folder: Path, key: Path) -> str:
    return sign_index(folder, load_private(key), TODAY)


def pinned(key: Path) -> tuple[TrustedKey, ...]:
    return (parse_trusted(f"{key}.pub"),)


def add(folder: Path, *numbers: int) -> None:
    update(
        folder,
        lambda old, _: type(old)(old.artists, (*old.segments, *content([], [record(n) for n in numbers]).segments)),
        today=TODAY,
    )


def test_signed_and_trusted(folder: Path, key: Path) -> None:
    identity = sign(folder, key)
    assert identity.startswith("SHA256:")
    assert pinned(key) == (TrustedKey(identity),) == (parse_trusted(identity),)
    assert open_index(folder, trusted=pinned(key)).signature == f"verified:{identity}"
    assert open_index(folder).signature == "unverified"
    digest = open_index(folder).manifest.digest
    sign(folder, key)
    assert open_index(folder).manifest.digest == digest, "signing does not change the index"


def test_keys_are_kept_safe(tmp_path: Path, key: Path) -> None:
    if os.name == "posix":
        assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="never overwritten"):
        generate(key)
    with pytest.raises(UsageError, match="cannot be written"):
        generate(tmp_path / "nowhere" / "key")


def test_no_signature_where_one_is_asked_for(folder: Path, key: Path) -> None:
    with pytest.raises(IndexUntrusted, match="is not signed"):
        open_index(folder, trusted=pinned(key))


def test_a_signature_by_another_key(folder: Path, key: Path, tmp_path: Path) -> None:
    generate(tmp_path / "other.key")
    sign(folder, tmp_path / "other.key")
    with pytest.raises(IndexUntrusted, match=r"index\.sig was made by the key SHA256:.*pin the new one"):
        open_index(folder, trusted=pinned(key))


def test_a_signature_of_another_version(folder: Path, key: Path) -> None:
    sign(folder, key)
    old = (folder / SIGNATURE).read_bytes()
    add(folder, 1)
    assert not (folder / SIGNATURE).exists(), "a new version is not signed by an old signature"
    (folder / SIGNATURE).write_bytes(old)
    for trusted in ((), pinned(key)):
        with pytest.raises(IndexUntrusted, match=r"index\.sig is for version 1"):
            open_index(folder, trusted=trusted)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_flipped_bit_of_the_signature_is_seen(folder: Path, key: Path, data: st.DataObject) -> None:
    if not (folder / SIGNATURE).exists():
        sign(folder, key)
    good = (folder / SIGNATURE).read_bytes()
    raw = bytearray(good)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        (folder / SIGNATURE).write_bytes(raw)
        for trusted in ((), pinned(key)):
            with pytest.raises(IndexProblem, match=r"index\.sig"):
                open_index(folder, trusted=trusted)
    finally:
        (folder / SIGNATURE).write_bytes(good)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"x" * 200_000, b"[" * 50_000])
def test_what_is_no_signature(folder: Path, raw: bytes) -> None:
    (folder / SIGNATURE).write_bytes(raw)
    with pytest.raises(IndexCorrupt, match=r"index\.sig is damaged"):
        open_index(folder)


def test_without_the_extra(folder: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(folder, key)
    trusted = pinned(key)

    def missing(package: str) -> None:
        raise MissingExtra(package, "sign", "Signing and checking signatures")

    monkeypatch.setattr(trust, "available", lambda package: False)
    monkeypatch.setattr(trust, "require", missing)
    assert open_index(folder).signature == "unverified"
    with pytest.raises(MissingExtra, match=r"\[sign\]"):
        open_index(folder, trusted=trusted)


def test_keys_that_are_none(tmp_path: Path, key: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "ec.pub").write_bytes(
        other.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    (tmp_path / "ec.key").write_bytes(
        other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "text").write_text("no key")
    for name, message in (("ec.pub", "another kind"), ("text", "no public key"), ("missing", "cannot be read")):
        with pytest.raises(UsageError, match=message):
            load_public(tmp_path / name)
    for name, message in (("ec.key", "another kind"), ("text", "no readable"), ("missing", "cannot be read")):
        with pytest.raises(UsageError, match=message):
            load_private(tmp_path / name)
    with pytest.raises(UsageError, match="43 characters"):
        parse_trusted("SHA256:short")
    with pytest.raises(UsageError, match="no readable private key"):
        load_private(Path(f"{key}.pub"))


def test_signing_checks_the_index_first(folder: Path, key: Path, tmp_path: Path) -> None:
    raw = bytearray((folder / "works.parquet").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "works.parquet").write_bytes(raw)
    with pytest.raises(IndexCorrupt, match=r"works\.parquet"):
        sign(folder, key)
    with pytest.raises(IndexProblem):
        sign(tmp_path / "nowhere", key)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ash.key", "ash.key.pub", "index"]


# ------------------------------------------------------------------- versions that were seen before


def seen_after(folder: Path, seen: Seen, key: Path | None = None) -> Seen:
    trusted = pinned(key) if key else ()
    verified = verify_index(folder, today=TODAY, seen=seen, trusted=trusted)
    return remembered(seen, verified.index.manifest, os.path.realpath(folder), bool(trusted))


def test_going_forward_is_fine(folder: Path) -> None:
    seen = seen_after(folder, Seen())
    for number in (1, 2, 3):
        add(folder, number)
        seen = seen_after(folder, seen)
    add(folder, 4)
    add(folder, 5)
    seen_after(folder, seen)


def test_an_older_version_in_its_place_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "old")
    add(folder, 1)
    seen = seen_after(folder, Seen())
    shutil.rmtree(folder)
    (tmp_path / "old").rename(folder)
    with pytest.raises(IndexUntrusted, match="version 2 was verified here before"):
        seen_after(folder, seen)


def test_a_fork_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "other")
    add(folder, 1)
    seen = seen_after(folder, Seen())
    add(tmp_path / "other", 2)
    add(tmp_path / "other", 3)
    shutil.rmtree(folder)
    (tmp_path / "other").rename(folder)
    with pytest.raises(IndexUntrusted, match="forked"):
        seen_after(folder, seen)


def test_a_signed_list_is_known_wherever_it_lies(folder: Path, key: Path, tmp_path: Path) -> None:
    sign(folder, key)
    shutil.copytree(folder, tmp_path / "list-v9")
    add(folder, 1)
    sign(folder, key)
    seen = seen_after(folder, Seen(), key)
    with pytest.raises(IndexUntrusted, match="older list may lack recent opt-outs"):
        seen_after(tmp_path / "list-v9", seen, key)
    seen_after(tmp_path / "list-v9", seen)
    another = make_index(tmp_path / "another")
    seen_after(another.path, seen)


def test_an_explicit_predecessor(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "v1")
    add(folder, 1)
    checks = verify_index(folder, today=TODAY, previous=tmp_path / "v1").checks
    assert any("made from version 1" in check for check in checks)
    with pytest.raises(IndexUntrusted):
        verify_index(tmp_path / "v1", today=TODAY, previous=folder)
    make_index(tmp_path / "another")
    with pytest.raises(IndexProblem, match="is another list"):
        verify_index(folder, today=TODAY, previous=tmp_path / "another")


def test_a_history_cut_at_the_front_can_still_be_followed(folder: Path) -> None:
    from dataclasses import replace

    manifest = replace(open_index(folder).manifest, version=9, history=(Ancestor(7, "7" * 64), Ancestor(8, "8" * 64)))
    check_successor(manifest, Ancestor(3, "3" * 64), "x")
    check_successor(manifest, Ancestor(8, "8" * 64), "x")
    check_successor(manifest, Ancestor(9, manifest.digest), "x")
    with pytest.raises(IndexUntrusted):
        check_successor(manifest, Ancestor(8, "0" * 64), "x")
    with pytest.raises(IndexUntrusted):
        check_successor(manifest, Ancestor(9, "0" * 64), "x")


def test_what_was_seen_is_remembered(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "seen.json"
    assert load_seen(path) == Seen()
    seen = remembered(Seen(), open_index(folder).manifest, "here", True)
    save_seen(path, seen)
    assert load_seen(path) == seen
    for bad in (b"", b"{}", b"[1]", b'{"format": "auditor-seen/1", "places": {"a": [1, 2, 3]}, "lists": {}}'):
        path.write_bytes(bad)
        with pytest.raises(ConfigError, match="remove it to begin anew"):
            load_seen(path)


def test_expiry_is_a_warning_or_a_failure(tmp_path: Path) -> None:
    from auditor.index.making.versions import Label

    make_index(tmp_path / "i", label=Label(expires="2026-01-31"))
    assert not any("expired" in w for w in verify_index(tmp_path / "i", today=date(2026, 1, 31)).warnings)
    assert any("expired" in w for w in verify_index(tmp_path / "i", today=TODAY).warnings)
    with pytest.raises(IndexUntrusted, match="expired on 2026-01-31"):
        verify_index(tmp_path / "i", today=TODAY, allow_expired=False)


def test_a_payload_about_something_else(folder: Path, key: Path) -> None:
    from auditor.support import dsse

    private = load_private(key)
    for payload in (b"{}", b"[]", json.dumps({"format": trust.FORMAT, "index": 1}).encode()):
        (folder / SIGNATURE).write_bytes(dsse.sign(payload, trust.PAYLOAD_TYPE, private))
        with pytest.raises(IndexCorrupt, match=r"index\.sig is damaged"):
            open_index(folder)
