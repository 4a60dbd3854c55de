"""What a PASS says, in one page: `auditor explain coverage` and docs/coverage.md are both made from here."""

from __future__ import annotations

SAYS = (
    "A PASS says: everything that a trainer given this path could train on was compared with everything the indexes "
    "hold, and nothing that violates the policy was found. It says nothing of works and names that no index lists.",
    "Whatever was not compared makes the result INCOMPLETE (exit code 3). Whatever was found, and is graded as high as "
    "`--fail-on` says, makes it FAIL (exit code 1). FAIL outranks INCOMPLETE.",
    "The dataset is a stranger's. Nothing in it decides how closely it is looked at: settings inside it are ignored "
    "and reported (`dataset.ignored-settings`), and a layout that was only guessed (`auto`) never lowers a grade. "
    "Where the nearest layout would leave pictures out, everything that any trainer could see is audited (`union`). "
    "Only `--layout NAME`, or a trainer's own configuration given as PATH, lowers to “carried, not trained”.",
    "Read three lines of a report first: how many pictures were seen, audited and skipped; what is missing; and what "
    "was left out, by which rule.",
)

REASONS: tuple[tuple[str, str], ...] = (
    ("archive-bomb", "An archive's member unpacks to far more than it holds; it was not unpacked."),
    ("crashed", "The worker that read the picture ended; the picture was given up."),
    ("damaged-member", "A member of an archive cannot be unpacked."),
    ("decode-failed", "The picture's bytes are damaged, or of a kind the decoder does not know."),
    ("encrypted", "A member of an archive is locked with a password."),
    ("latents-without-picture", "A cache holds a picture's latents, and the picture is not there to compare."),
    ("missing", "A listing or configuration names a file or folder that is not there."),
    ("nested-archive", "An archive lies inside an archive; it was not opened."),
    ("not-a-picture", "A file named like a picture is none."),
    ("not-safetensors", "A file named like a model is none, so its header was not searched."),
    ("out-of-memory", "Looking at the picture takes more memory than there is for one."),
    ("remote", "A listing names an address on the network. Nothing is fetched."),
    ("sparse-member", "An archive's member is stored with holes; it was not read."),
    ("text-cut", "A text is longer than what is searched of one; the rest was not."),
    ("timed-out", "Looking at the picture or its texts took longer than the time for one sample."),
    ("too-many-bytes", "The file is larger than what is read of one picture."),
    ("too-many-pixels", "The picture has more pixels than are decoded."),
    ("too-small", "The picture is too small to hold anything to compare."),
    ("truncated", "The file ends before the picture does."),
    (
        "unread-container",
        "A file that can hold pictures or texts, of a kind that is not opened (.npy, .pkl, .h5, .7z …).",
    ),
    ("unreadable", "The file or folder cannot be opened, or is no regular file."),
    ("unreadable-archive", "An archive is damaged, from some point on or altogether."),
    ("unreadable-table", "A listing or table is damaged; what its later rows name was not seen as listed."),
    ("unreadable-text", "A caption file cannot be opened."),
    ("unsupported", "A picture's format is not decoded here (HEIC, JPEG XL, PSD, SVG, camera raw …)."),
    ("video", "Moving pictures and sound are counted and not looked at."),
    ("zero-bytes", "The file is empty."),
)
"""(skip reason, what it means): every reason with which a sample or text counts as seen and not audited."""

MISSES = (
    "Works and names that no index lists, and names that a text only hints at.",
    "A copy under a regular grid of lines, cut into small tiles that were moved, or present in colour only while its "
    "brightness is another picture's (isoluminant): the hashes are made of brightness and of whole neighbourhoods.",
    "Frames of an animation beyond sixteen, spread evenly over it; in very large ones fewer. Videos not at all.",
    "Latents: a cache beside its picture is reported, and what it holds is not compared with the picture.",
    "More than sixty-four alternatives of `{a|b}` groups in one caption, and more than 200,000 texts of one JSON file.",
    "A picture that a script would make later: cut out of data in program code, fetched from an address, generated.",
)


def page() -> str:
    """The page as Markdown."""
    rows = [f"| `{reason}` | {meaning} |" for reason, meaning in REASONS]
    return "\n".join(
        (
            "# Coverage: what a PASS says\n",
            *(f"{paragraph}\n" for paragraph in SAYS),
            "## Why something was not audited\n",
            "Each of these is counted under its reason, named in the report, and makes the result INCOMPLETE.\n",
            "| reason | |",
            "|---|---|",
            *rows,
            "\n## What it misses\n",
            *(f"- {item}" for item in MISSES),
            "",
        )
    )
