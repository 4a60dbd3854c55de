"""Files that point at a server do not make the reader call it."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator

import pytest

from auditor.metadata.read import read_metadata
from tests.metadata.material import making, signing


class _Counter(http.server.BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_HEAD = do_POST = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """(base address, paths that were asked for) of a server on this machine."""
    handler = type("Handler", (_Counter,), {"seen": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", handler.seen  # type: ignore[attr-defined]
        running.shutdown()
        thread.join()


def _pointing(kind: str, address: str) -> bytes:
    body = {
        "provenance": f"<dcterms:provenance>{address}/store</dcterms:provenance>",
        "web-statement": f"<xmpRights:WebStatement>{address}/rights</xmpRights:WebStatement>",
        "licence": f'<cc:license rdf:resource="{address}/licence"/>',
        "tdm-policy": f"<tdm:reservation>1</tdm:reservation><tdm:policy>{address}/policy</tdm:policy>",
        "source-type": f"<Iptc4xmpExt:DigitalSourceType>{address}/dst</Iptc4xmpExt:DigitalSourceType>",
    }
    return making.packet(body[kind])


def _external_entity(address: str) -> bytes:
    packet = making.packet("<dc:title>&x;</dc:title>").decode().split("?>", 1)[1]
    return f'<!DOCTYPE x [<!ENTITY x SYSTEM "{address}/entity">]>{packet}'.encode()


def _external_dtd(address: str) -> bytes:
    packet = making.packet("<dc:title>t</dc:title>").decode().split("?>", 1)[1]
    return f'<!DOCTYPE x SYSTEM "{address}/dtd">{packet}'.encode()


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP", "sidecar"])
@pytest.mark.parametrize(
    "kind", ["provenance", "web-statement", "licence", "tdm-policy", "source-type", "external-entity", "external-dtd"]
)
def test_addresses_in_xmp_are_not_followed(kind: str, container: str, server: tuple[str, list[str]]) -> None:
    address, seen = server
    builders = {"external-entity": _external_entity, "external-dtd": _external_dtd}
    packet = builders[kind](address) if kind in builders else _pointing(kind, address)
    if container == "sidecar":
        metadata = read_metadata(making.picture("JPEG"), (("a.xmp", packet),))
    elif container == "JPEG":
        metadata = read_metadata(making.jpeg_xmp(packet))
    elif container == "PNG":
        metadata = read_metadata(making.png(making.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)))
    else:
        metadata = read_metadata(making.riff((b"XMP ", packet)))
    assert metadata.texts or metadata.reservations or metadata.notes or kind == "source-type"
    time.sleep(0.02)
    assert seen == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF"])
@pytest.mark.parametrize("embed", [True, False])
def test_remote_manifests_are_not_fetched(kind: str, embed: bool, server: tuple[str, list[str]]) -> None:
    address, seen = server
    data = signing.sign(making.picture(kind), kind, signing.actions(), remote=f"{address}/manifest.c2pa", embed=embed)
    metadata = read_metadata(data)
    assert [note.reason for note in metadata.notes] == ([] if embed else ["remote-manifest"])
    time.sleep(0.02)
    assert seen == []


def test_the_server_of_these_tests_does_count(server: tuple[str, list[str]]) -> None:
    import urllib.request

    address, seen = server
    urllib.request.urlopen(f"{address}/x").close()
    assert seen == ["/x"]


def test_the_library_would_have_called_without_our_settings(server: tuple[str, list[str]]) -> None:
    c2pa = pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    import io

    address, seen = server
    data = signing.sign(
        making.picture("JPEG"), "JPEG", signing.actions(), remote=f"{address}/manifest.c2pa", embed=False
    )
    with pytest.raises(c2pa.C2paError):
        c2pa.Reader("image/jpeg", io.BytesIO(data))
    assert seen == ["/manifest.c2pa"]
