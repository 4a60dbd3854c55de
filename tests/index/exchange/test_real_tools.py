"""The tools whose lists these are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import decode
from auditor.index.exchange.interface import ReadOptions
from auditor.index.exchange.transfer import export_list, import_list
from auditor.index.making.build import BuildOptions, build
from auditor.index.making.versions import NO_LABEL
from auditor.index.opening.store import open_index
from auditor.index.search.columns import open_searcher
from tests.index.samples import TODAY, gallery, picture

file_api = pytest.importorskip("threatexchange.exchanges.impl.file_api", reason="needs the extra [test-exchange]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gallery(tmp_path / "artists", "Ash", 4)
    build([tmp_path / "artists"], tmp_path / "index", BuildOptions(jobs=1, regions=False), today=TODAY)
    return tmp_path


def test_threatexchange_reads_our_list_and_matches_a_picture_with_it(folder: Path) -> None:
    from threatexchange.signal_type.pdq.signal import PdqSignal

    export_list(open_index(folder / "index"), "threatexchange", folder / "list.txt")
    collab = file_api.FileCollaborationConfig(name="list", filename=str(folder / "list.txt"))
    (delta,) = file_api.LocalFileSignalExchangeAPI.for_collab(collab).fetch_iter([PdqSignal], None)
    signals = [signal for kind, signal in delta.updates if kind == "pdq"]
    assert len(signals) == 4
    index = PdqSignal.get_index_cls().build([(signal, signal) for signal in signals])
    copy = io.BytesIO()
    picture(2).resize((150, 120)).save(copy, "JPEG", quality=70)
    ours = whole_views(decode((folder / "artists" / "Ash" / "picture-2.png").read_bytes()))[0].pdq[0].tobytes().hex()
    matches = index.query(PdqSignal.hash_from_bytes(copy.getvalue()))
    assert [match.metadata for match in matches] == [ours]
    other = io.BytesIO()
    picture(77).save(other, "PNG")
    assert index.query(PdqSignal.hash_from_bytes(other.getvalue())) == []


def test_we_read_a_list_that_threatexchange_wrote(tmp_path: Path) -> None:
    from threatexchange.exchanges.fetch_state import SignalOpinion, SignalOpinionCategory
    from threatexchange.signal_type.pdq.signal import PdqSignal

    raw = io.BytesIO()
    picture(5).save(raw, "PNG")
    (tmp_path / "list.txt").write_text("\n")
    collab = file_api.FileCollaborationConfig(name="list", filename=str(tmp_path / "list.txt"))
    opinion = SignalOpinion(True, SignalOpinionCategory.POSITIVE_CLASS, set())
    code = PdqSignal.hash_from_bytes(raw.getvalue())
    try:
        file_api.LocalFileSignalExchangeAPI.for_collab(collab).report_opinion(PdqSignal, code, opinion)
    except (ValueError, OSError):
        # Some versions open the file in a mode that Python refuses; what they would write is documented beside it.
        (tmp_path / "list.txt").write_text(f"{PdqSignal.get_name()} {code}\n")
    import_list(
        tmp_path / "list.txt", "threatexchange", tmp_path / "index", ReadOptions("Ash"), today=TODAY, label=NO_LABEL
    )
    searcher = open_searcher([open_index(tmp_path / "index")])
    (hit,) = searcher.by_hash("pdq", whole_views(decode(raw.getvalue()))[0].pdq, 31)
    assert hit.distance <= 2
    assert searcher.listed(hit.work).artist.names == ("Ash",)
