"""Manifests signed by a certificate authority of the tests' own: valid, trusted, tampered, edited, remote."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.metadata.c2pa import failures, interpret, interpret_use
from auditor.metadata.read import read_metadata
from auditor.support import extras
from tests.metadata.material import making, signing

pytest.importorskip("c2pa", reason="c2pa-python is not installed")


def meanings(data: bytes) -> set[tuple[str, str]]:
    return {(item.field, item.meaning) for item in read_metadata(data).reservations}


@pytest.mark.parametrize("kind", making.FORMATS)
@pytest.mark.parametrize("label", ["cawg.training-mining", "c2pa.training-mining"])
def test_a_reservation_is_read_from_every_container(kind: str, label: str) -> None:
    assertion = signing.training_mining(label, ai_generative_training="notAllowed", ai_training="allowed")
    metadata = read_metadata(signing.sign(making.picture(kind), kind, assertion, signing.actions()))
    prefix = label.partition(".")[0]
    assert {(item.field, item.meaning) for item in metadata.reservations} == {
        (f"{prefix}.ai_generative_training", "prohibited"),
        (f"{prefix}.ai_training", "allowed"),
    }
    assert {item.vocabulary for item in metadata.reservations} == {prefix.upper()}
    assert metadata.signature is not None
    assert (metadata.signature.state, metadata.signature.issuer) == ("valid", "Test Authority")
    assert metadata.notes == ()


def test_a_signature_that_leads_to_an_anchor_is_trusted() -> None:
    data = signing.sign(making.picture("JPEG"), "JPEG", signing.actions())
    found = read_metadata(data, (), signing.authority().root).signature
    assert found is not None
    assert (found.state, found.codes) == ("trusted", ())


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_tampered_pixels_fail_the_signature_and_keep_the_reservation(kind: str) -> None:
    assertion = signing.training_mining(ai_generative_training="notAllowed")
    data = bytearray(signing.sign(making.picture(kind), kind, assertion, signing.actions()))
    place = len(data) - 40 if kind == "JPEG" else data.rindex(b"IDAT") + 40
    data[place] ^= 0xFF
    metadata = read_metadata(bytes(data))
    assert ("cawg.ai_generative_training", "prohibited") in {(r.field, r.meaning) for r in metadata.reservations}
    assert [(note.reason, "assertion.dataHash.mismatch" in note.detail) for note in metadata.notes] == [
        ("signature-failed", True)
    ]
    assert metadata.signature is not None and metadata.signature.state == "invalid"


def test_a_manifest_without_actions_is_no_failed_signature() -> None:
    metadata = read_metadata(signing.sign(making.picture("PNG"), "PNG", signing.training_mining(ai_training="allowed")))
    assert metadata.notes == ()
    assert metadata.signature is not None
    assert metadata.signature.state == "valid"
    assert "assertion.action.malformed" in metadata.signature.codes


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["signingCredential.untrusted"], []),
        (["assertion.action.malformed"], []),
        (
            ["claimSignature.mismatch", "assertion.dataHash.mismatch"],
            ["assertion.dataHash.mismatch", "claimSignature.mismatch"],
        ),
        (["signingCredential.expired"], ["signingCredential.expired"]),
        (["something.new"], ["something.new"]),
    ],
)
def test_which_codes_are_failures(codes: list[str], expected: list[str]) -> None:
    assert failures(codes) == expected


def test_a_damaged_claim_is_a_failed_signature_that_still_names_its_assertion() -> None:
    assertion = signing.training_mining(ai_generative_training="notAllowed")
    data = bytearray(signing.sign(making.picture("JPEG"), "JPEG", assertion, signing.actions()))
    place = data.index(b"c2pa.claim")
    data[place + 60 : place + 100] = b"\xff" * 40
    metadata = read_metadata(bytes(data))
    assert [note.reason for note in metadata.notes] == ["signature-failed"]
    assert [(item.field, item.meaning) for item in metadata.reservations] == [("training-mining", "review")]


def test_the_reservation_of_an_ingredient_survives_an_edit() -> None:
    first = signing.sign(
        making.picture("JPEG"), "JPEG", signing.training_mining(ai_generative_training="notAllowed"), signing.actions()
    )
    edited = signing.sign(making.picture("JPEG", quality=60), "JPEG", ingredient=first)
    metadata = read_metadata(edited)
    (found,) = metadata.reservations
    assert (found.meaning, found.where) == ("prohibited", "C2PA ingredient manifest cawg.training-mining")
    assert metadata.signature is not None
    assert metadata.signature.manifests == 2
    assert metadata.signature.state == "valid"


def test_a_manifest_on_the_network_is_said_and_not_fetched() -> None:
    data = signing.sign(
        making.picture("JPEG"), "JPEG", signing.actions(), remote="http://127.0.0.1:9/store", embed=False
    )
    metadata = read_metadata(data)
    assert [note.reason for note in metadata.notes] == ["remote-manifest"]
    assert metadata.reservations == ()


def test_the_source_type_of_an_action_says_that_a_model_made_it() -> None:
    own = read_metadata(signing.sign(making.picture("PNG"), "PNG", signing.actions(source_type=signing.AI)))
    assert [kind.made for kind in own.generation.source_types] == ["wholly"]
    assert own.generation.is_ai
    camera = read_metadata(signing.sign(making.picture("PNG"), "PNG", signing.actions()))
    assert not camera.generation.is_ai


def test_an_ai_ingredient_makes_the_picture_partly_ai() -> None:
    first = signing.sign(making.picture("PNG"), "PNG", signing.actions(source_type=signing.AI))
    edited = read_metadata(signing.sign(making.picture("PNG", compress_level=1), "PNG", ingredient=first))
    assert [kind.made for kind in edited.generation.source_types] == ["partly"]


def test_a_store_beside_the_file_is_read() -> None:
    data = making.picture("JPEG")
    embedded = signing.sign(data, "JPEG", signing.training_mining(ai_generative_training="notAllowed"))
    store = _store_of(embedded)
    found = read_metadata(data, (("a.c2pa", store),)).reservations
    assert ("cawg.ai_generative_training", "prohibited") in {(item.field, item.meaning) for item in found}


def _store_of(data: bytes) -> bytes:
    """Join the JUMBF parts in APP11: each repeats the box header after marker, length, `JP`, instance, sequence."""
    parts, position, first = b"", 2, True
    while data[position + 1] != 0xDA:
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        if data[position + 1] == 0xEB:
            body = data[position + 12 : position + 2 + length]
            parts += body if first else body[8:]
            first = False
        position += 2 + length
    return parts


@pytest.mark.parametrize(
    ("entry", "use", "constraint", "meaning"),
    [
        ("cawg.ai_generative_training", "notAllowed", None, "prohibited"),
        ("c2pa.ai_generative_training", "NOTALLOWED", None, "prohibited"),
        ("cawg.ai_generative_training", "not_allowed", None, "prohibited"),
        ("cawg.ai_generative_training", "constrained", None, "prohibited"),
        ("cawg.ai_generative_training", "constrained", "https://example.org/terms", "constrained"),
        ("cawg.ai_generative_training", "allowed", None, "allowed"),
        ("cawg.ai_generative_training", "perhaps", None, "review"),
        ("cawg.ai_training", "notAllowed", None, "review"),
        ("cawg.ai_inference", "notAllowed", None, "review"),
        ("cawg.data_mining", "constrained", "x", "review"),
        ("cawg.data_mining", "allowed", None, "allowed"),
    ],
)
def test_what_an_entry_means(entry: str, use: str, constraint: str | None, meaning: str) -> None:
    assert interpret_use(entry, use, constraint) == meaning


@pytest.mark.parametrize("key", ["constraint_info", "constraints_info"])
def test_both_spellings_of_the_constraint_are_read(key: str) -> None:
    entry = {"use": "constrained", key: "ask me"}
    data = signing.sign(making.picture("PNG"), "PNG", signing.training_mining(ai_generative_training=entry))
    (found,) = read_metadata(data).reservations
    assert (found.meaning, found.constraint) == ("constrained", "ask me")


def test_the_flat_map_of_the_first_version_is_read() -> None:
    assertion = {"label": "cawg.training-mining", "data": {"cawg.ai_generative_training": {"use": "notAllowed"}}}
    assert meanings(signing.sign(making.picture("PNG"), "PNG", assertion)) == {
        ("cawg.ai_generative_training", "prohibited")
    }


def test_metadata_inside_the_manifest_is_read() -> None:
    assertion: dict[str, Any] = {
        "label": "cawg.metadata",
        "data": {
            "@context": {"dc": "http://purl.org/dc/elements/1.1/", "plus": making.PLUS},
            "dc:creator": ["Aldebrand Quenzle"],
            "plus:DataMining": making.VOCABULARY + "DMI-PROHIBITED",
        },
    }
    metadata = read_metadata(signing.sign(making.picture("JPEG"), "JPEG", assertion))
    assert [(t.value, t.kind) for t in metadata.texts] == [("Aldebrand Quenzle", "creator")]
    assert [(r.field, r.meaning) for r in metadata.reservations] == [("plus:DataMining", "prohibited")]


@pytest.mark.parametrize(
    "store",
    [{}, {"manifests": []}, {"manifests": {"a": None}}, {"manifests": {"a": {"assertions": [1, {"label": 2}]}}}],
)
def test_a_store_of_another_shape_gives_nothing(store: dict[str, Any]) -> None:
    contents = interpret(store)
    assert (contents.reservations, contents.texts) == ((), ())


def test_without_the_extra_the_manifest_is_said_to_be_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    data = signing.sign(making.picture("PNG"), "PNG", signing.training_mining(ai_generative_training="notAllowed"))
    plain = signing.sign(making.picture("PNG"), "PNG", signing.actions())
    monkeypatch.setattr(extras, "available", lambda package: False)
    metadata = read_metadata(data)
    assert [note.reason for note in metadata.notes] == ["extra-missing"]
    assert "provenance-auditor[c2pa]" in metadata.notes[0].detail
    assert [(item.field, item.meaning, item.value) for item in metadata.reservations] == [
        ("training-mining", "review", "not read")
    ]
    assert read_metadata(plain).reservations == ()
    assert read_metadata(making.picture("PNG")).notes == ()
