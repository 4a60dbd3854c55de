"""Files made to exhaust a reader. Run as a program it reads each and prints seconds and peak memory as JSON."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.metadata.material import making

MB = 1 << 20


def entity_bomb() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return making.jpeg_xmp(f"<!DOCTYPE x [{entities}]><x xmlns:p='urn:p'><p:q>&a11;</p:q></x>".encode())


def quadratic_entity_bomb() -> bytes:
    text = "&a;" * 15_000
    return making.jpeg_xmp(
        f"<!DOCTYPE x [<!ENTITY a '{'x' * 15_000}'>]><x xmlns:p='urn:p'><p:q>{text}</p:q></x>".encode()
    )


def xmp_of_50_mb() -> bytes:
    packet = making.packet(f"<plus:DataMining>{making.VOCABULARY}DMI-PROHIBITED</plus:DataMining>" + " " * (50 * MB))
    return making.png(making.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet))


def extended_xmp_of_50_mb() -> bytes:
    header = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32
    part = b"<" * 65_000
    parts = [
        making.segment(0xE1, header + struct.pack(">II", 50 * MB, n * len(part)) + part)
        for n in range(50 * MB // len(part))
    ]
    return making.jpeg(*parts)


def many_extended_packets() -> bytes:
    """Each small segment announces a packet of the largest size that is read."""
    segments = [
        making.segment(
            0xE1, b"http://ns.adobe.com/xmp/extension/\0" + f"{n:032d}".encode() + struct.pack(">II", 4 * MB, 0) + b"<"
        )
        for n in range(5_000)
    ]
    return making.jpeg(*segments)


def webp_xmp_of_elements() -> bytes:
    return making.riff((b"XMP ", b"<x>" + b"<a/>" * 900_000 + b"</x>"))


def webp_xmp_below_the_marks() -> bytes:
    return making.riff((b"XMP ", b"<x>" + b"<a>t</a>" * 24_000 + b"x" * (3 * MB) + b"</x>"))


def deep_xmp() -> bytes:
    return making.riff((b"XMP ", b"<a>" * 40_000))


def deep_json() -> bytes:
    return making.png(making.text("prompt", "[" * 10_000 + "]" * 10_000))


def deep_json_objects() -> bytes:
    return making.png(making.text("parameters", '{"prompt":' * 10_000 + "1" + "}" * 10_000))


def wide_json() -> bytes:
    return making.png(making.text("prompt", '{"prompt": [' + "[]," * 1_300_000 + "[]]}"))


def wide_json_of_objects() -> bytes:
    return making.png(making.text("prompt", '{"prompt": [' + "{}," * 1_300_000 + "{}]}"))


def graph_of_many_nodes() -> bytes:
    nodes = {str(n): {"class_type": "X", "inputs": {"a": [str(n + 1), 0], "t": "x" * 60}} for n in range(19_000)}
    return making.png(making.text("prompt", json.dumps(nodes)))


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(b"\0" * MB) for _ in range(size // MB)), packer.flush()])


def text_bomb() -> bytes:
    return making.png(making.chunk(b"zTXt", b"parameters\0\0" + _bomb(128 * MB)))


def many_text_bombs() -> bytes:
    bomb = making.chunk(b"zTXt", b"parameters\0\0" + _bomb(64 * MB))
    return making.png(*[bomb] * 400)


def xmp_bomb() -> bytes:
    return making.png(making.chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + _bomb(64 * MB)))


def many_chunks() -> bytes:
    return making.png(making.chunk(b"tEXt", b"a\0b") * 1_000_000)


def many_idat_chunks() -> bytes:
    return making.png(making.chunk(b"IDAT", b"") * 2_000_000)


def many_segments() -> bytes:
    return making.jpeg(b"\xff\xe5\0\2" * 5_000_000)


def fill_bytes() -> bytes:
    return making.jpeg(b"\xff" * 20_000_000)


def looping_directories() -> bytes:
    return b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)


def looping_directories_in_jpeg() -> bytes:
    return making.jpeg_exif(looping_directories())


def many_directories() -> bytes:
    """A chain of full directories, each beside the next."""
    count, width = 5_000, 2 + 12 * 1_000 + 4
    entry = struct.pack("<HHII", 0x013B, 2, 0xFFFFFFFF, 0)
    parts = [struct.pack("<H", 1_000) + entry * 1_000 + struct.pack("<I", 8 + (n + 1) * width) for n in range(count)]
    return b"II*\0" + struct.pack("<I", 8) + b"".join(parts)


def huge_exif_value() -> bytes:
    return making.jpeg_exif(
        b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x013B, 2, 0xFFFFFFF0, 0) + bytes(4)
    )


def many_gif_blocks() -> bytes:
    return making.gif(b"\x21\xfe\x01x\0" * 2_000_000)


def gif_of_tiny_sub_blocks() -> bytes:
    return making.gif(b"\x21\xfe" + b"\x01x" * 5_000_000 + b"\0")


def many_boxes() -> bytes:
    return struct.pack(">I4s", 16, b"ftyp") + b"avif\0\0\0\0" + struct.pack(">I4s", 8, b"free") * 3_000_000


def overlapping_extents() -> bytes:
    """Every item of the file is made of a thousand extents that each cover the whole file."""
    infos = b"".join(struct.pack(">I4sBBHHH4s", 21, b"infe", 2, 0, 0, n + 1, 0, b"Exif") + b"\0" for n in range(1_000))
    iinf = struct.pack(">I4sIH", 14 + len(infos), b"iinf", 0, 1_000) + infos
    extent = struct.pack(">II", 0, 3 * MB)
    items = b"".join(struct.pack(">HHH", n + 1, 0, 1_000) + extent * 1_000 for n in range(40))
    iloc = struct.pack(">I4sIHH", 16 + len(items), b"iloc", 0, 0x4400, 1_000) + items
    meta = struct.pack(">I4sI", 12 + len(iinf) + len(iloc), b"meta", 0) + iinf + iloc
    return struct.pack(">I4s", 16, b"ftyp") + b"avif\0\0\0\0" + meta + bytes(4 * MB)


def truncated_c2pa() -> bytes:
    from tests.metadata.material import signing

    data = signing.sign(making.picture("PNG"), "PNG", signing.training_mining(ai_generative_training="notAllowed"))
    return data[: data.index(b"caBX") + 900]


def deep_c2pa() -> bytes:
    kind = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0"
    description = struct.pack(">I4s", 8 + len(kind), b"jumd") + kind
    inner = b""
    for _ in range(5_000):
        inner = struct.pack(">I4s", 8 + len(description) + len(inner), b"jumb") + description + inner
    return making.png(making.chunk(b"caBX", inner))


def c2pa_of_50_mb() -> bytes:
    return making.png(making.chunk(b"caBX", struct.pack(">I4s", 0, b"jumb") + bytes(50 * MB)))


def many_iptc_records() -> bytes:
    records = making.photoshop(0x0404, making.iptc_record(80, b"x") * 8_000)
    return making.jpeg(*[making.segment(0xED, b"Photoshop 3.0\0" + records)] * 60)


def raw_profile_of_noise() -> bytes:
    return making.png(making.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 9\n" + b"zz" * 1_500_000))


def words_for_the_pattern_search() -> bytes:
    return making.png(making.text("Copyright", "do not AI reserved " * 200_000))


def parameters_for_the_pattern_search() -> bytes:
    settings = "Steps: 20, " + 'a: "\\", ' * 300_000
    return making.png(making.text("parameters", "\nNegative prompt:" * 50_000 + "\n" + settings))


CASES: dict[str, Callable[[], bytes]] = {
    name: function
    for name, function in list(globals().items())
    if callable(function) and not name.startswith("_") and getattr(function, "__module__", "") == __name__
}


def _memory(key: str) -> int:
    """Return `VmRSS` or `VmHWM` (the peak) of this process in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(key)).split()[1]) * 1024


def measure() -> dict[str, dict[str, object]]:
    """Read every case; seconds of processor time, and how far memory rose above what the file itself takes."""
    import gc
    import time

    from auditor.checks.signals import examine_signals
    from auditor.metadata.read import read_metadata

    read_metadata(making.picture("JPEG"))
    found: dict[str, dict[str, object]] = {}
    for name, make in CASES.items():
        data = make()
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        before = _memory("VmRSS")
        start = time.process_time()
        metadata = read_metadata(data)
        findings = list(examine_signals("0" * 64, metadata))
        seconds = time.process_time() - start
        found[name] = {
            "seconds": round(seconds, 4),
            "grown_mb": (_memory("VmHWM") - before) // MB,
            "reasons": sorted({note.reason for note in metadata.notes}),
            "findings": [finding.rule for finding in findings],
        }
        del data, metadata
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
