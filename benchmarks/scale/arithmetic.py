"""From the cost of one picture to the cost of many. Plain formulas; docs/scale.md explains them."""

from __future__ import annotations

from dataclasses import dataclass

PICTURES_PER_TERABYTE = 10_000_000
"""At 100 kB a picture, as img2dataset writes them at 512 pixels."""
FIVE_BILLION = 5_000_000_000
CORE_HOUR_PRICE = 0.04
"""US dollars: an assumption, to be replaced by one's own."""
DRIVER_BYTES = 320
"""Memory that the driver keeps for each picture: its path and digest, for the digest of the dataset."""
PART = 10_000_000
"""Pictures of one scan: larger sets are scanned in parts, so that the driver's memory stays at a few gigabytes."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one picture takes of one core."""

    core_milliseconds: float

    def core_hours(self, pictures: int) -> float:
        """Core hours for so many pictures."""
        return pictures * self.core_milliseconds / 3_600_000

    def hours(self, pictures: int, cores: int) -> float:
        """Hours by the wall clock on so many cores that are kept busy."""
        return self.core_hours(pictures) / cores

    def price(self, pictures: int, core_hour: float = CORE_HOUR_PRICE) -> float:
        """In the currency of `core_hour`."""
        return self.core_hours(pictures) * core_hour


def driver_bytes(pictures: int) -> int:
    """Memory of the driver for a scan of so many pictures, beside what the program itself takes."""
    return min(pictures, PART) * DRIVER_BYTES


def parts(pictures: int) -> int:
    """Scans that a set is cut into."""
    return -(-pictures // PART)
