from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.index.format.schema import ARTISTS_SCHEMA, FEEDBACK_SCHEMA, WORKS_SCHEMA
from auditor.index.format.tables import (
    artists_from,
    artists_table,
    feedback_from,
    feedback_table,
    works_from,
    works_table,
    works_tables,
)
from auditor.model import Artist
from tests.index import samples


def through_parquet(table: pa.Table) -> pa.Table:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return pq.read_table(pa.BufferReader(sink.getvalue()))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=5).flatmap(lambda n: st.tuples(*(samples.artists(str(i)) for i in n))))
def test_artists_survive_parquet(artists: tuple[Artist, ...]) -> None:
    table = artists_table(artists)
    assert table.schema.equals(ARTISTS_SCHEMA)
    assert artists_from(through_parquet(table)) == artists


@settings(max_examples=15, deadline=None)
@given(samples.contents())
def test_works_survive_parquet(content: object) -> None:
    table = content.works  # type: ignore[attr-defined]
    assert table.schema.equals(WORKS_SCHEMA)
    records = tuple(works_from(through_parquet(table)))
    assert works_table(records).equals(table.combine_chunks()) or not records


def test_works_come_in_bounded_tables() -> None:
    listed = [samples.record(i) for i in range(7)]
    tables = list(works_tables(iter(listed), size=3))
    assert [table.num_rows for table in tables] == [3, 3, 1]
    assert [work for table in tables for work in works_from(table, size=2)] == listed


@settings(max_examples=20, deadline=None)
@given(st.lists(samples.feedback, max_size=4))
def test_opinions_survive_parquet(opinions: list[object]) -> None:
    table = feedback_table(opinions)  # type: ignore[arg-type]
    assert table.schema.equals(FEEDBACK_SCHEMA)
    assert list(feedback_from(through_parquet(table))) == opinions


def test_aliases_without_kinds_get_one() -> None:
    artist = Artist("a", ("A",), aliases=("b", "c"))
    assert artists_from(artists_table([artist]))[0].alias_kinds == ("alias", "alias")
