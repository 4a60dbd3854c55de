from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.index.making.foldernames import sorts_only

SORTING = [
    *(
    "2023 2024-05 2024-05-17 20240517 2023_2024 1 001 (2) 07 january-2024 2024.jan Spring2022 summer_2021 png JPG psd "
    "export PNG-export wip WIP_old Sketches sketchbook_3 final finals commissions fanart Portraits misc Misc. archive "
    "web hi-res v2 vol.3 Inktober2023 DCIM 100CANON 2023年 落書き ラフ 線画2 Skizzen bocetos croquis "
    "drawings-2019-final --- ２０２４"
).split(),
    "New folder (2)", "work in progress 2023", "sketches of may", "the old works",
]  # fmt: skip
PEOPLE = [
    *(
    "Ash_Varga mira_vale April May June August Summer_Walker Bo Cy X 7horses Studio54art_by_kim user1234 Banksy "
    "artist4 Alphonse_Mucha 山田太郎 葛飾北斎 김홍도 Иван_Шишкин dragons Rembrandt_1640 kim2024"
).split(),
    "Ash Varga", "Greg Rutkowski", "Sketches by Ash", "\U0001f98a",
]  # fmt: skip


@pytest.mark.parametrize("name", SORTING)
def test_names_that_sort(name: str) -> None:
    assert sorts_only(name)
    assert sorts_only(name.upper())


@pytest.mark.parametrize("name", PEOPLE)
def test_names_of_people(name: str) -> None:
    assert not sorts_only(name)


@given(st.text())
def test_any_name_is_answered(name: str) -> None:
    assert sorts_only(name) in (True, False)


@given(st.dates(), st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%d.%m.%Y", "%Y_%m", "%Y%m%d", "%B %Y", "%d %b %Y"]))
def test_any_day_sorts(day: object, form: str) -> None:
    assert sorts_only(day.strftime(form))  # type: ignore[attr-defined]
