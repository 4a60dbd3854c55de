"""What the metadata checks cost: beside decoding and hashing of plain pictures, and for files with a C2PA manifest.

    python -m benchmarks.signals [--pictures 1000]

Every ratio compares two measurements of the same run; medians of several rounds.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time

import numpy as np
from PIL import Image

from auditor.checks.interface import Context
from auditor.checks.origin import examine_origin, with_hidden_metadata
from auditor.checks.signals import examine_signals
from auditor.imaging.exact import file_sha256, pixel_sha256
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import Picture, decode
from auditor.metadata.read import read_metadata

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF")
ROUNDS = 5


def picture(seed: int, kind: str) -> bytes:
    """A picture file of 256 × 256 pixels without metadata."""
    random = np.random.default_rng(seed)
    small = Image.fromarray(random.integers(0, 256, (16, 16, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    small.resize((256, 256), Image.Resampling.BICUBIC).save(buffer, kind)
    return buffer.getvalue()


def scan_one(data: bytes) -> Picture:
    """Decode and hash as a scan without the region check does: the cheapest scan there is."""
    found = decode(data)
    file_sha256(data)
    pixel_sha256(found)
    whole_views(found)
    return found


def checks_one(data: bytes, found: Picture) -> None:
    """Read and judge the metadata."""
    metadata = with_hidden_metadata(read_metadata(data), found)
    list(examine_signals("0" * 64, metadata))
    list(examine_origin("0" * 64, metadata, Context(None, None)))


def plain_pictures(count: int) -> None:
    """Print the share that the checks add to a scan of pictures without metadata."""
    files = [picture(number, FORMATS[number % len(FORMATS)]) for number in range(count)]
    ratios, per_file = [], []
    for _ in range(ROUNDS):
        start = time.process_time()
        decoded = [scan_one(data) for data in files]
        middle = time.process_time()
        for data, found in zip(files, decoded, strict=True):
            checks_one(data, found)
        scan, checks = middle - start, time.process_time() - middle
        ratios.append(checks / scan)
        per_file.append(checks / count)
    print(f"plain pictures ({count}, {', '.join(FORMATS)}): the checks add {statistics.median(ratios):.2%} to a scan")
    print(f"  {statistics.median(per_file) * 1e6:.0f} microseconds a picture")


def manifests() -> None:
    """Print what a file with a C2PA manifest costs."""
    from tests.metadata.material import signing

    for kind in ("JPEG", "PNG", "WEBP"):
        data = signing.sign(
            picture(1, kind), kind, signing.training_mining(ai_generative_training="notAllowed"), signing.actions()
        )
        read_metadata(data)
        times = []
        for _ in range(50):
            start = time.process_time()
            read_metadata(data)
            times.append(time.process_time() - start)
        print(f"C2PA in {kind}: median {statistics.median(times) * 1e3:.2f} ms, worst {max(times) * 1e3:.2f} ms")


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=1000)
    plain_pictures(parser.parse_args().pictures)
    manifests()


if __name__ == "__main__":
    main()
