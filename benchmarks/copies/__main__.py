"""`make bench-copies`: recall by edit and kind beside the peers, a harder set, speed and scale, figures and plots.

    python -m benchmarks.copies [--without-peers | --only-peers] [--without-slow-peers]

Takes about an hour with the peers on two cores, a quarter without. What the peers answered is kept, so that an
interrupted run goes on and a second one is quick. The figures go into the section "Regions" of
docs/benchmarks.md, the plots into docs/images.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence

from auditor.checks.copies.regions.matches import DEFAULT_OPTIONS
from benchmarks import document
from benchmarks.copies import extremes, growth, kept, ours, plots, speed
from benchmarks.copies.material import Material, Query, folder, prepare
from benchmarks.copies.ours import Answer
from benchmarks.copies.peers import PEERS, SLOW
from benchmarks.copies.score import Score, precision_recall, score

ASKED = {
    **dict.fromkeys(("square512", "crop70", "border", "text", "rot8"), 0.97),
    "crop50": 0.95,
    "crop35": 0.85,
    "collage50": 0.95,
    "collage30": 0.85,
    "combo": 0.93,
}
KINDS = ("painting", "photo", "portrait", "clipart")
Answers = dict[str, list[Answer]]


def main() -> None:
    """Run everything and write it down."""
    start = time.perf_counter()
    material = prepare()
    reported = [query for query in material.queries if query.half == 1]
    harder = [query for query in material.hard if query.half == 1]
    everything = [*reported, *harder, *material.unrelated]
    if "--only-peers" in sys.argv:
        _peers(material, everything)
        return
    answers = _ours(material, everything)
    if "--without-peers" not in sys.argv:
        answers |= _peers(material, everything)
    edited = {tool: [a for a in given if a.query in set(reported)] for tool, given in answers.items()}
    hard = {tool: [a for a in given if a.query in set(harder)] for tool, given in answers.items()}
    others = {tool: [a for a in given if a.query.work < 0] for tool, given in answers.items()}
    scores = {tool: score(given + others[tool], material) for tool, given in edited.items()}
    hard_scores = {tool: score(given, material, ("high", "shares-part")) for tool, given in hard.items()}
    curves = {tool: precision_recall(edited[tool] + others[tool], material) for tool in answers}
    plots.recall_per_edit({tool: one.by_edit for tool, one in scores.items()})
    plots.precision_recall(curves)
    plots.time_against_recall({tool: (one.seconds, one.mean) for tool, one in scores.items()})
    grown = growth.measure(material)
    plots.query_time(grown)
    if (folder() / "curve.json").exists():
        plots.calibration(json.loads((folder() / "curve.json").read_text()))
    parts = [
        _intro(material, reported, harder),
        "**Recall per edit, all kinds.**\n\n" + _by_edit(scores),
        "**The auditor by kind of picture**, hashes and regions together.\n\n" + _by_kind(scores["auditor"]),
        _sentences(scores["auditor"]),
        "**The harder set.**\n\n" + _by_edit(hard_scores),
        "**The harder set by kind**, the auditor.\n\n" + _by_kind(hard_scores["auditor"]),
        growth.text(grown),
        extremes.text(extremes.measure(ours.hashed_works(material))),
        "![recall per edit](images/recall-per-edit.svg)\n\n![precision and recall](images/precision-recall.svg)\n\n"
        "![time against recall](images/time-recall.svg)\n\n![query time](images/query-time.svg)",
    ]
    document.write_section("Regions", "\n\n".join(parts))
    if "--without-peers" not in sys.argv:
        speed.main()
    print(f"done in {time.perf_counter() - start:.0f} s; written to docs/benchmarks.md", flush=True)


def _ours(material: Material, queries: Sequence[Query]) -> Answers:
    hashed = ours.hashed_works(material)
    found: Answers = {"auditor": [], "whole": [], "regions": []}
    for number, row in enumerate(ours.answers(queries, hashed, DEFAULT_OPTIONS)):
        for tool, answer in row.items():
            found[tool].append(answer)
        if number % 500 == 0:
            print(f"auditor: {number} of {len(queries)}", flush=True)
    return found


def _peers(material: Material, queries: Sequence[Query]) -> Answers:
    found: Answers = {}
    for name, run in PEERS.items():
        if name in SLOW and "--without-slow-peers" in sys.argv:
            print(f"{name}: left out, as asked", flush=True)
            continue
        start = time.perf_counter()
        try:
            found[name] = kept.answers(name, material.works, queries, run)
        except Exception as error:  # a peer that does not install or crashes is named, not hidden
            print(f"{name}: left out ({type(error).__name__}: {error})", flush=True)
            continue
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    return found


def _intro(material: Material, reported: Sequence[Query], harder: Sequence[Query]) -> str:
    sources = {kind: len({query.work for query in reported if query.kind == kind}) for kind in KINDS}
    return (
        f"{document.machine()}. {len(material.works)} works; {len(reported)} edited copies of "
        f"{sum(sources.values())} of them ({', '.join(f'{count} {kind}' for kind, count in sources.items())}), "
        f"{len(harder)} of the harder set and {len(material.unrelated)} unrelated pictures. All figures are "
        "from the half of the sources that took no part in the calibration. Each peer runs at the threshold it ships "
        "with, on the same files. A copy counts as found where its work is named and graded high; in the harder set "
        "also where it is graded as sharing a part, because half covered pictures and changed backgrounds are that. "
        "Milliseconds are those of edited copies, which take every look; ordinary photos are in the next section."
    )


def _by_edit(scores: Mapping[str, Score]) -> str:
    edits = list(next(iter(scores.values())).by_edit)
    head = ("edit", "asked", *scores)
    rows = [
        (edit, f"{ASKED[edit]:.2f}" if edit in ASKED else "", *(f"{one.by_edit[edit]:.2f}" for one in scores.values()))
        for edit in edits
    ]
    rows.append(("**mean**", "", *(f"**{one.mean:.3f}**" for one in scores.values())))
    if any(one.unrelated_of for one in scores.values()):
        rows.append(("unrelated matched", "", *(f"{one.unrelated}/{one.unrelated_of}" for one in scores.values())))
    rows.append(("a wrong work named", "", *(f"{one.wrong}/{one.wrong_of}" for one in scores.values())))
    rows.append(("ms a picture", "", *(f"{one.seconds * 1000:.1f}" for one in scores.values())))
    return document.table(head, rows)


def _by_kind(one: Score) -> str:
    kinds = [kind for kind in KINDS if kind in one.by_kind]
    rows = [(edit, *(f"{one.by_edit_and_kind[edit, kind]:.2f}" for kind in kinds)) for edit in one.by_edit]
    rows.append(("**mean**", *(f"**{one.by_kind[kind]:.3f}**" for kind in kinds)))
    return document.table(("edit", *kinds), rows)


def _sentences(one: Score) -> str:
    below = [
        f"{edit} ({_art(one, edit):.3f}, asked {asked})" for edit, asked in ASKED.items() if _art(one, edit) < asked
    ]
    return (
        f"Paintings, photos and portraits: mean {one.art:.3f} (asked: 0.97). Clip art: {one.by_kind['clipart']:.3f} "
        f"(asked: 0.82). Below what was asked on paintings, photos and portraits: {', '.join(below) or 'none'}. "
        f"{one.unrelated} of {one.unrelated_of} unrelated pictures matched."
    )


def _art(one: Score, edit: str) -> float:
    kinds = [kind for kind in one.by_kind if kind != "clipart"]
    return sum(one.by_edit_and_kind[edit, kind] for kind in kinds) / len(kinds)


if __name__ == "__main__":
    main()
