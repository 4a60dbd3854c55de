"""XMP packets in every form that RDF allows for them, and damaged ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata.containers.budget import Budget
from auditor.metadata.namespaces import canonical, named, qualified
from auditor.metadata.xmp import ELEMENT_LIMIT, read_xmp
from tests.metadata.material import making


def values(packet: bytes) -> list[tuple[str, str]]:
    budget = Budget()
    found = [(name, item.value) for name, item in named(read_xmp(packet, budget, "test"))]
    assert budget.notes == []
    return found


@pytest.mark.parametrize(
    "body",
    [
        "<plus:DataMining>V</plus:DataMining>",
        '<plus:DataMining rdf:resource="V"/>',
        "<plus:DataMining><rdf:Description><rdf:value>V</rdf:value></rdf:Description></plus:DataMining>",
        "<plus:DataMining> \n V </plus:DataMining>",
        "<plus:DataMining><![CDATA[V]]></plus:DataMining>",
        '<plus:DataMining rdf:parseType="Resource"><rdf:value>V</rdf:value></plus:DataMining>',
        "<plus:DataMining><rdf:Alt><rdf:li xml:lang='x-default'>V</rdf:li></rdf:Alt></plus:DataMining>",
    ],
)
def test_a_property_is_read_in_every_form(body: str) -> None:
    assert values(making.packet(body)) == [("plus:DataMining", "V")]


def test_an_attribute_is_a_property_too() -> None:
    assert values(making.packet("", 'plus:DataMining="V"')) == [("plus:DataMining", "V")]


def test_every_item_of_a_list_counts_and_keeps_its_language() -> None:
    items = "<rdf:li xml:lang='x-default'>a</rdf:li><rdf:li xml:lang='de'>b</rdf:li>"
    body = f"<dc:rights><rdf:Alt>{items}</rdf:Alt></dc:rights>"
    found = read_xmp(making.packet(body), Budget(), "test")
    assert [(item.value, item.language) for item in found] == [("a", "x-default"), ("b", "de")]


def test_a_nested_property_keeps_its_way_down() -> None:
    body = (
        '<m:Pantry xmlns:m="http://ns.adobe.com/xap/1.0/mm/"><rdf:Bag><rdf:li><rdf:Description plus:DataMining="V"/>'
        "</rdf:li></rdf:Bag></m:Pantry>"
    )
    (item,) = read_xmp(making.packet(body), Budget(), "test")
    assert [name[1] for name in item.path] == ["Pantry", "DataMining"]
    assert qualified(item.name) == "plus:DataMining"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
def test_every_encoding_of_a_packet_is_read(encoding: str) -> None:
    text = making.packet("<dc:title>caf\u00e9 港</dc:title>").decode().split("?>\n", 1)[1].rsplit("<?xpacket", 1)[0]
    assert values(text.encode(encoding)) == [("dc:title", "caf\u00e9 港")]


@pytest.mark.parametrize("before", [b"", b"\0\0\0", b"   \n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("after", [b"", b"\0" * 40, b" \n" * 2000])
def test_padding_around_a_packet_is_no_damage(before: bytes, after: bytes) -> None:
    assert values(before + making.packet("<dc:title>t</dc:title>") + after) == [("dc:title", "t")]


def test_what_stands_before_a_damaged_place_is_kept() -> None:
    budget = Budget()
    packet = making.packet("<plus:DataMining>V</plus:DataMining><dc:title>x</dc:titel>")
    found = read_xmp(packet, budget, "here")
    assert [item.value for item in found] == ["V"]
    assert [(note.reason, note.where) for note in budget.notes] == [("malformed", "here")]


def test_entities_are_refused_not_expanded() -> None:
    budget = Budget()
    bomb = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r xmlns:p="urn:x"><p:q>&b;</p:q></r>'
    assert read_xmp(bomb, budget, "here") == ()
    assert [note.reason for note in budget.notes] == ["entities"]


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"<r>" + b"<a/>" * (ELEMENT_LIMIT + 1) + b"</r>", "too-deep"),
        (b"<a>" * 5000 + b"</a>" * 5000, "too-deep"),
        (b"<r>" + b"<a/>" * 200_000 + b"</r>", "too-many"),
        (b"<r " + b" ".join(b"a%d='1'" % n for n in range(150_000)) + b"/>", "too-many"),
        (b"", "malformed"),
        (b"\xff\xfe\x00", "malformed"),
    ],
)
def test_a_hostile_packet_leaves_a_note(packet: bytes, reason: str) -> None:
    budget = Budget()
    assert read_xmp(packet, budget, "here") == ()
    assert [note.reason for note in budget.notes] == [reason]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise(raw: bytes) -> None:
    read_xmp(raw, Budget(), "test")
    read_xmp(making.packet("<dc:title>x</dc:title>")[: len(raw)] + raw, Budget(), "test")


@pytest.mark.parametrize(
    "namespace",
    ["http://ns.useplus.org/ldf/xmp/1.0/", "https://ns.useplus.org/ldf/xmp/1.0", "HTTP://NS.USEPLUS.ORG/ldf/xmp/1.0/"],
)
def test_spellings_of_a_namespace_are_one(namespace: str) -> None:
    assert canonical(namespace) == "http://ns.useplus.org/ldf/xmp/1.0"
    assert qualified((namespace, "DataMining")) == "plus:DataMining"


@pytest.mark.parametrize("namespace", ["", "http://example.com/ldf/xmp/1.0/", "http://ns.useplus.org/ldf/xmp/1.0/x"])
def test_another_namespace_is_foreign(namespace: str) -> None:
    assert qualified((namespace, "DataMining")) is None
