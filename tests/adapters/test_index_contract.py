"""What every ``EvidenceIndex`` owes the core, on a real Chroma and the real embedding model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caveat.adapters.generation_index import GenerationIndex
from caveat.adapters.generations import GenerationProvider
from caveat.adapters.minilm import OnnxEncoder
from caveat.domain.model import Design, Status
from caveat.domain.ports import EvidenceIndex, Filters
from caveat.errors import IndexCorrupt, SearchUnavailable
from ingest.build import build

WORKS = [
    {
        "id": "knight",
        "title": "Tocilizumab and depression after stem-cell transplant",
        "year": 2021,
        "design": "cohort",
        "status": "current",
        "population": "Adults having a stem-cell transplantation",
        "authors": ["Knight JM"],
        "n_total": 87,
        "primary_outcome_met": False,
        "sections": [
            {"name": "What was done", "text": "Patients had one dose the day before transplant."},
            {
                "name": "What was found",
                "text": "- Depression scores were higher with tocilizumab at day 28.\n- The IL-6 level rose.",
            },
            {"name": "Comment by Caveat", "text": "A counter-example."},
        ],
    },
    {
        "id": "insight",
        "title": "Tocilizumab in depression with inflammation",
        "year": 2026,
        "design": "randomized controlled trial",
        "population": "Adults with RA-like inflammation",
        "conditions": ["major depressive disorder"],
        "sections": [
            {"name": "What was found", "text": "Remission was 53.9% against 31.3%. It was a small trial."}
        ],
    },
    {
        "id": "label",
        "title": "Actemra label",
        "status": "retracted",
        "sections": [{"name": "Warnings", "text": "Serious infections were seen."}],
    },
]
ALL = {
    "knight#what_was_done",
    "knight#what_was_found",
    "knight#comment_by_caveat",
    "insight#what_was_found",
} | {"label#warnings"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, minilm: OnnxEncoder) -> Path:
    folder = tmp_path_factory.mktemp("contract")
    path = folder / "works.jsonl"
    path.write_text("\n".join(json.dumps(work) for work in WORKS))
    build([path], folder, minilm)
    return folder


@pytest.fixture(scope="module")
def index(home: Path, minilm: OnnxEncoder) -> EvidenceIndex:
    return GenerationProvider(home, minilm).current()


def test_it_counts_what_it_holds(index: EvidenceIndex) -> None:
    """Counts are those of the collection."""
    assert (index.source_count, index.passage_count) == (3, 5)
    assert index.generation


def test_dense_search_ranks_by_meaning(index: EvidenceIndex) -> None:
    """The best hit needs no common word, scores fall, and k is a limit."""
    hits = index.search_dense("people became sadder after their bone marrow procedure", 5)
    assert hits[0].passage_id.startswith("knight")
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(-1 <= h.score <= 1.0001 for h in hits)
    assert {h.passage_id for h in index.search_dense("mood", 100)} == ALL
    assert len(index.search_dense("mood", 2)) == 2
    assert index.search_dense("mood", 0) == []


def test_lexical_search_finds_words_only(index: EvidenceIndex) -> None:
    """il6 finds IL-6, a title's word finds all its passages, and an unknown word finds nothing."""
    assert [h.passage_id for h in index.search_lexical("il6", 5)] == ["knight#what_was_found"]
    assert {h.passage_id for h in index.search_lexical("Actemra", 5)} == {"label#warnings"}
    assert index.search_lexical("pizza", 5) == []
    assert all(h.score > 0 for h in index.search_lexical("tocilizumab depression", 100))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(year_from=2022), {"insight"}),
        (Filters(year_to=2021), {"knight"}),
        (Filters(year_from=2021, year_to=2026), {"knight", "insight"}),
        (Filters(designs=(Design.COHORT, Design.RCT)), {"knight", "insight"}),
        (Filters(statuses=(Status.UNKNOWN,)), {"insight"}),
        (Filters(statuses=(Status.RETRACTED,)), {"label"}),
        (Filters(population="transplant"), {"knight"}),
        (Filters(population="ADULTS transplants"), {"knight"}),
        (Filters(population="ra"), {"insight"}),
        (Filters(population="depressive"), {"insight"}),
        (Filters(source_ids=("label", "nobody")), {"label"}),
        (Filters(population="children"), set()),
        (Filters(year_from=2022, designs=(Design.COHORT,)), set()),
    ],
)
def test_a_filter_returns_all_that_pass_and_nothing_else(
    index: EvidenceIndex, filters: Filters, expected: set[str]
) -> None:
    """Both searches obey the same filter, however few works pass it."""
    wanted = {p for p in ALL if p.split("#")[0] in expected}
    assert {h.passage_id for h in index.search_dense("tocilizumab", 100, filters)} == wanted
    words = index.search_lexical("tocilizumab actemra", 100, filters)
    assert {h.passage_id for h in words} == wanted


def test_an_empty_filter_limits_nothing(index: EvidenceIndex) -> None:
    """No limit set is no limit."""
    assert index.search_dense("mood", 9, Filters()) == index.search_dense("mood", 9)


def test_late_interaction_prefers_the_passage_that_says_it(index: EvidenceIndex) -> None:
    """Words of the question that stand in a passage count; unknown ids are left out."""
    scores = index.late_interaction("serious infections", [*ALL, "nobody#x"])
    assert set(scores) == ALL
    assert max(scores, key=lambda i: scores[i]) == "label#warnings"
    assert all(-1 <= s <= 1.0001 for s in scores.values())
    assert index.late_interaction("", list(ALL)) == {}


def test_each_sentence_is_compared(index: EvidenceIndex) -> None:
    """One cosine a sentence, in order, and the sentence that says it comes first."""
    got = index.sentence_similarity("IL-6 concentration increased", ["knight#what_was_found", "nobody#x"])
    assert set(got) == {"knight#what_was_found"}
    first, second = got["knight#what_was_found"]
    assert second > first


def test_passages_are_exact(index: EvidenceIndex) -> None:
    """Text, offsets, sentences and quotability come back as they were read, in the order asked for."""
    asked = ["insight#what_was_found", "nobody#x", "knight#comment_by_caveat"]
    got = index.passages(asked)
    assert list(got) == [asked[0], asked[2]]
    passage = got[asked[0]]
    assert passage.sentence(0) == "Remission was 53.9% against 31.3%."
    assert passage.sentence(1) == "It was a small trial."
    assert passage.quotable
    assert not got[asked[2]].quotable


def test_passages_of_a_work_are_slices_of_its_text(index: GenerationIndex) -> None:
    """In the order of the text, and each is its stretch of it."""
    passages = index.source_passages("knight")
    assert [p.section for p in passages] == ["what_was_done", "what_was_found", "comment_by_caveat"]
    text = index.source_text("knight")
    assert text is not None
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert index.source_passages("nobody") == []


def test_facts_of_sources_survive(index: EvidenceIndex) -> None:
    """Known facts come back typed; unknown ones are None."""
    assert list(index.sources(["knight", "nobody"])) == ["knight"]
    knight = index.sources(["knight"])["knight"]
    assert (knight.year, knight.design, knight.status) == (2021, Design.COHORT, Status.CURRENT)
    assert (knight.primary_outcome_met, knight.authors, knight.n_total) == (False, ("Knight JM",), 87)
    assert knight.doi is None
    assert knight.industry_funded is None
    assert [s.id for s in index.all_sources()] == ["insight", "knight", "label"]


def test_more_ids_than_a_query_takes_are_no_error(index: EvidenceIndex) -> None:
    """Lists of any length work."""
    many = [f"x{i}" for i in range(3000)]
    assert set(index.passages([*many, *ALL])) == ALL
    assert set(index.sources([*many, "label"])) == {"label"}
    assert (
        index.search_dense("infections", 3, Filters(source_ids=(*many, "label")))[0].passage_id
        == "label#warnings"
    )


def test_a_wide_filter_is_as_exact_as_a_narrow_one(
    index: GenerationIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter that too many works pass to name them all to Chroma gives the same ranking."""
    filters = Filters(source_ids=("label", "insight"))
    narrow = index.search_dense("mood", 2, filters)
    monkeypatch.setattr("caveat.adapters.dense.FILTER_IDS", 1)
    wide = index.search_dense("mood", 2, filters)
    assert [hit.passage_id for hit in wide] == [hit.passage_id for hit in narrow]
    assert [hit.score for hit in wide] == pytest.approx([hit.score for hit in narrow], abs=1e-5)
    assert {h.passage_id for h in index.search_dense("mood", 50, filters)} == {
        "label#warnings",
        "insight#what_was_found",
    }


@pytest.mark.parametrize(
    ("broken", "unavailable"),
    [("chroma/chroma.sqlite3", "dense"), ("lexical/data.csc.index.npy", "lexical")],
)
def test_one_broken_store_costs_only_its_own_search(
    home: Path, minilm: OnnxEncoder, tmp_path: Path, broken: str, unavailable: str
) -> None:
    """The other search still answers."""
    folder = _copy(home, tmp_path)
    (folder / broken).write_bytes(b"broken")
    index = GenerationIndex(folder, minilm)
    searches = {"dense": index.search_dense, "lexical": index.search_lexical}
    with pytest.raises(SearchUnavailable):
        searches.pop(unavailable)("tocilizumab", 5)
    (other,) = searches.values()
    assert other("tocilizumab", 5)
    index.close()


def test_lost_vectors_of_tokens_or_sentences_cost_only_the_ranking(
    home: Path, minilm: OnnxEncoder, tmp_path: Path
) -> None:
    """What only refines is left out when it cannot be read."""
    folder = _copy(home, tmp_path)
    (folder / "tokens.bin").unlink()
    (folder / "sentences.bin").write_bytes(b"")
    index = GenerationIndex(folder, minilm)
    assert index.late_interaction("mood", list(ALL)) == {}
    assert index.sentence_similarity("mood", list(ALL)) == {}
    assert index.search_dense("mood", 5)
    index.close()


def test_without_the_evidence_nothing_is_served(home: Path, minilm: OnnxEncoder, tmp_path: Path) -> None:
    """Hits without their passages are worth nothing: the index is refused."""
    folder = _copy(home, tmp_path)
    (folder / "evidence.sqlite").write_bytes(b"broken")
    with pytest.raises(IndexCorrupt, match="rollback"):
        GenerationIndex(folder, minilm)


def _copy(home: Path, target: Path) -> Path:
    import shutil

    (source,) = (home / "generations").iterdir()
    return Path(shutil.copytree(source, target / source.name))
