"""Findings about AI-made pictures and the names they were asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from auditor.checks.interface import Context
from auditor.checks.mentions import VALUE_LIMIT
from auditor.checks.origin import SEARCH_LIMIT, examine_origin, with_hidden_metadata
from auditor.imaging.pixels import decode
from auditor.metadata.read import read_metadata, with_stealth
from auditor.metadata.values import FileMetadata, Generation, MetadataText, SourceType
from auditor.model import Artist, Finding
from auditor.names.interface import NameMatch
from auditor.thresholds import Thresholds
from auditor.verdict.wording import full_message
from tests.metadata.material import making, signing, writers

NAME = "Aldebrand Quenzle"
CONTENT = "ab" * 32
PROMPTED = "origin.ai-prompted-with-listed-name"


class Literally:
    """Finds one name letter by letter, with a score of the test's choice."""

    def __init__(self, score: float = 0.95) -> None:
        self.score = score
        self.searched = 0

    def find(self, text: str, kind: str = "caption", floor: float = 0.5) -> tuple[NameMatch, ...]:
        self.searched += len(text)
        found, start = [], text.find(NAME)
        while start >= 0:
            end = start + len(NAME)
            found.append(NameMatch("artist:q", NAME, start, end, self.score, "exact", f"It stands in a {kind}."))
            start = text.find(NAME, end)
        return tuple(found)

    def find_many(self, texts: Sequence[str], kind: str = "caption", floor: float = 0.5) -> list[tuple[NameMatch, ...]]:
        return [self.find(text, kind) for text in texts]


def context(score: float = 0.95) -> Context:
    return Context(None, Literally(score), {"artist:q": (Artist("q", (NAME,)), "demo")})


def findings(metadata: FileMetadata, score: float = 0.95) -> list[Finding]:
    return list(examine_origin(CONTENT, metadata, context(score)))


@pytest.mark.parametrize("name", writers.WRITERS)
def test_a_listed_name_is_found_in_every_writers_prompt(name: str) -> None:
    found = findings(read_metadata(writers.WRITERS[name][1](f"a harbour, art by {NAME}, oil", "blurry")))
    assert [finding.rule for finding in found] == ["origin.ai-output", PROMPTED]
    named = found[1]
    assert named.severity == "high"
    assert named.artist is not None and (named.artist.id, named.artist.name) == ("q", NAME)
    assert named.index == "demo"
    assert named.text is not None
    assert named.text.value[named.text.start : named.text.end] == NAME
    assert named.text.source in named.message


@pytest.mark.parametrize("name", writers.WRITERS)
def test_a_name_in_the_negative_prompt_alone_is_not_reported(name: str) -> None:
    found = findings(read_metadata(writers.WRITERS[name][1]("a harbour", f"blurry, {NAME}")))
    assert [finding.rule for finding in found] == ["origin.ai-output"]


@pytest.mark.parametrize("signature", ["stealth_pnginfo", "stealth_pngcomp", "stealth_rgbinfo", "stealth_rgbcomp"])
def test_a_listed_name_is_found_in_hidden_prompts(signature: str) -> None:
    pixels = writers.stealth_pixels(writers.novelai_stealth_text(f"art by {NAME}", "x"), signature)
    metadata = with_stealth(FileMetadata("PNG"), np.ascontiguousarray(pixels[:, :, :3]), pixels[:, :, 3])
    found = {finding.rule: finding for finding in findings(metadata)}
    assert set(found) == {"origin.ai-output", PROMPTED}
    assert "stealth PNG info" in found[PROMPTED].message


@pytest.mark.parametrize("signature", ["stealth_pnginfo", "stealth_pngcomp", "stealth_rgbinfo", "stealth_rgbcomp"])
def test_hidden_prompts_are_read_from_the_decoded_file(signature: str) -> None:
    text = writers.novelai_stealth_text(f"art by {NAME}", "x")
    picture = decode(writers.stealth_file(text, signature))
    metadata = with_hidden_metadata(FileMetadata("PNG"), picture)
    assert PROMPTED in [finding.rule for finding in findings(metadata)]


def test_a_picture_without_hidden_metadata_changes_nothing() -> None:
    metadata = FileMetadata("PNG")
    for kind in ("JPEG", "PNG", "WEBP"):
        assert with_hidden_metadata(metadata, decode(making.picture(kind))) is metadata


def test_the_real_engine_finds_a_name_in_every_writers_prompt() -> None:
    matcher = pytest.importorskip("auditor.names.matcher")
    from auditor.names.interface import ListedName

    names = matcher.compile_matcher([ListedName("artist:q", NAME)])
    real = Context(None, names, {"artist:q": (Artist("q", (NAME,)), "demo")})
    for name, (_, write) in writers.WRITERS.items():
        metadata = read_metadata(write(f"a harbour, art by {NAME.lower()}, oil", "blurry"))
        assert PROMPTED in [finding.rule for finding in examine_origin(CONTENT, metadata, real)], name
        excluded = read_metadata(write("a harbour", f"blurry, {NAME.lower()}"))
        assert PROMPTED not in [finding.rule for finding in examine_origin(CONTENT, excluded, real)], name


@pytest.mark.parametrize(
    "data",
    [
        making.jpeg_exif(making.exif_block({0x013B: (2, NAME.encode() + b"\0")})),
        making.jpeg_exif(making.exif_block({0x8298: (2, f"(c) 2020 {NAME}\0".encode())})),
        making.jpeg_exif(making.exif_block({0x9C9D: (1, NAME.encode("utf-16-le"))})),
        making.jpeg_iptc(making.iptc_record(80, NAME.encode())),
        making.jpeg_iptc(making.iptc_record(110, NAME.encode())),
        making.jpeg_iptc(making.iptc_record(116, f"(c) {NAME}".encode())),
        making.jpeg_xmp(making.packet(f"<dc:creator><rdf:Seq><rdf:li>{NAME}</rdf:li></rdf:Seq></dc:creator>")),
        making.png(making.text("Author", NAME)),
    ],
)
def test_a_credited_listed_name_is_found(data: bytes) -> None:
    (found,) = findings(read_metadata(data))
    assert (found.rule, found.severity) == ("name.creator", "high")
    assert found.message.startswith(f"The file credits {NAME} in ")


@pytest.mark.parametrize(
    "data",
    [
        making.jpeg_exif(making.exif_block({0x010E: (2, f"after {NAME}\0".encode())})),
        making.jpeg_iptc(making.iptc_record(25, NAME.encode())),
        making.jpeg_xmp(making.packet(f"<dc:subject><rdf:Bag><rdf:li>{NAME}</rdf:li></rdf:Bag></dc:subject>")),
    ],
)
def test_a_described_listed_name_is_for_review(data: bytes) -> None:
    (found,) = findings(read_metadata(data))
    assert (found.rule, found.severity) == ("name.metadata", "medium")


@pytest.mark.parametrize(
    ("made", "severity", "words"),
    [
        ("wholly", "medium", "a generative model made it"),
        ("partly", "medium", "made a part of it"),
        ("not-by-a-model", "low", "not a trained model"),
    ],
)
def test_source_types_say_how_much_a_model_made(made: str, severity: str, words: str) -> None:
    kind = SourceType("http://cv.iptc.org/newscodes/digitalsourcetype/x", "XMP", made)  # type: ignore[arg-type]
    (found,) = findings(FileMetadata(generation=Generation(source_types=(kind,))))
    assert (found.rule, found.severity) == ("origin.ai-output", severity)
    assert words in found.message


@pytest.mark.parametrize(
    ("value", "severities"),
    [
        ("trainedAlgorithmicMedia", ["medium"]),
        ("compositeWithTrainedAlgorithmicMedia", ["medium"]),
        ("compositeSynthetic", ["medium"]),
        ("algorithmicMedia", ["low"]),
        ("digitalCapture", []),
    ],
)
def test_source_types_in_xmp(value: str, severities: list[str]) -> None:
    uri = f"http://cv.iptc.org/newscodes/digitalsourcetype/{value}"
    packet = making.packet(f"<Iptc4xmpExt:DigitalSourceType>{uri}</Iptc4xmpExt:DigitalSourceType>")
    assert [finding.severity for finding in findings(read_metadata(making.jpeg_xmp(packet)))] == severities


def test_an_action_of_a_manifest_says_that_a_model_made_it() -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    data = signing.sign(making.picture("PNG"), "PNG", signing.actions(source_type=signing.AI))
    (found,) = findings(read_metadata(data))
    assert "trainedAlgorithmicMedia in C2PA manifest action" in found.message


@pytest.mark.parametrize(("score", "severity"), [(0.95, "high"), (0.8, "high"), (0.6, "medium"), (0.4, None)])
def test_the_score_grades_the_finding(score: float, severity: str | None) -> None:
    metadata = read_metadata(making.png(making.text("Author", NAME)))
    assert [finding.severity for finding in findings(metadata, score)] == ([severity] if severity else [])


def test_thresholds_are_a_parameter() -> None:
    metadata = read_metadata(making.png(making.text("Author", NAME)))
    assert list(examine_origin(CONTENT, metadata, context(0.7), Thresholds(name_review=0.75))) == []


def test_mentions_of_one_artist_are_one_finding_with_a_count() -> None:
    data = making.png(making.text("parameters", writers.a1111_text(f"{NAME}, {NAME}", "x")))
    found = [finding for finding in findings(read_metadata(data)) if finding.rule == PROMPTED]
    assert len(found) == 1
    assert "and 1 more mention." in found[0].message


def test_a_long_text_is_cut_around_its_name() -> None:
    value = "x " * 10_000 + NAME + " y" * 10_000
    metadata = FileMetadata(texts=(MetadataText(value, "XMP dc:creator", "creator"),))
    (found,) = findings(metadata)
    assert found.text is not None
    assert len(found.text.value) == VALUE_LIMIT
    assert found.text.value[found.text.start : found.text.end] == NAME


def test_the_search_is_bounded() -> None:
    texts = tuple(MetadataText(f"{number} " + "x" * 50_000, "PNG prompt", "generation") for number in range(40))
    matcher = Literally()
    metadata = FileMetadata(generation=Generation(("A1111",), texts))
    list(examine_origin(CONTENT, metadata, Context(None, matcher, {})))
    assert matcher.searched <= SEARCH_LIMIT


def test_without_a_name_list_only_the_origin_is_said() -> None:
    metadata = read_metadata(writers.a1111_png(f"art by {NAME}", "x"))
    found = list(examine_origin(CONTENT, metadata, Context(None, None)))
    assert [finding.rule for finding in found] == ["origin.ai-output"]


def test_a_plain_picture_gives_nothing() -> None:
    for kind in making.FORMATS:
        assert findings(read_metadata(making.picture(kind))) == []


def test_a_finding_carries_what_the_listing_asks_to_be_said() -> None:
    remark = "Training is listed as subject to conditions."
    artist = Artist("q", (NAME,), remarks=(remark,))
    data = writers.WRITERS[sorted(writers.WRITERS)[0]][1](f"a harbour, art by {NAME}", "blurry")
    found = examine_origin(CONTENT, read_metadata(data), Context(None, Literally(), {"artist:q": (artist, "demo")}))
    (named,) = [finding for finding in found if finding.rule == PROMPTED]
    assert full_message(named).endswith(f" {remark}")
