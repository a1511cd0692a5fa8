"""``ask`` and ``search`` in the terminal and for machines."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from caveat.adapters.model_files import locate
from caveat.cli.render import render
from caveat.domain.model import (
    DISCLOSURE,
    Caveat,
    CaveatKind,
    Citation,
    Cited,
    Claim,
    NumberedSource,
    Severity,
    Source,
)

QUESTION = "Does tocilizumab help depression?"
Run = Callable[..., Any]


def lines(path: Path, *rows: object) -> str:
    """A JSON Lines file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_an_answer_reads_from_top_to_bottom(run: Run) -> None:
    """Headline, certainty, lanes, caveats, what is not told, sources, disclosure, in this order."""
    ran = run("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    parts = ["Not shown.", "Certainty:", "No clear difference", "Points to worse", "Be careful", "Not approved",
             "What this does not tell", "Sources", "[1] ", "https://", DISCLOSURE, "Searched 180 works."]  # fmt: skip
    at = 0
    for part in parts:
        assert part in ran.out[at:], part
        at = ran.out.index(part, at)


def test_every_quote_has_its_number_and_its_frame(run: Run) -> None:
    """A quotation mark is followed by its source's number, and each number stands among the sources."""
    out = run("ask", QUESTION).out
    quotes = [line for line in out.splitlines() if "“" in line]
    assert quotes
    below = out.split("Sources")[-1]
    for line in quotes:
        number = line[line.rfind("[") : line.rfind("]") + 1]
        assert number in below


def test_json_is_one_line_with_the_schema(run: Run) -> None:
    """A machine reads one object and nothing else."""
    ran = run("ask", "--json", QUESTION)
    assert ran.code == 0
    assert ran.out.count("\n") == 1
    answer = json.loads(ran.out)
    assert answer["kind"] == "cited"
    assert answer["disclosure"] == DISCLOSURE
    assert answer["question"] == QUESTION


def test_a_declined_answer_is_no_error(run: Run) -> None:
    """It says what is missing and exits with 0."""
    ran = run("ask", "Does tocilizumab help migraine?")
    assert (ran.code, ran.err) == (0, "")
    assert "This collection does not answer that." in ran.out
    assert "Sources" not in ran.out
    assert DISCLOSURE in ran.out


def test_a_list_is_a_table(run: Run) -> None:
    """Each row starts with the number of its source."""
    out = run("ask", "Which randomised trials tested tocilizumab in schizophrenia?").out
    assert "│ [1] │" in out
    assert "Girgis" in out


@pytest.mark.parametrize(
    "history",
    [
        [QUESTION],
        {"history": [QUESTION]},
        [{"question": QUESTION}],
        [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Not shown."}],
    ],
    ids=["texts", "object", "questions", "conversation"],
)
def test_a_history_file_makes_a_follow_up(run: Run, tmp_path: Path, history: object) -> None:
    """Earlier questions are read from a list in any of the usual forms; the reader sees what was understood."""
    file = tmp_path / "turns.json"
    file.write_text(json.dumps(history))
    ran = run("ask", "and in schizophrenia?", "--history", str(file))
    assert ran.code == 0
    assert "Understood as: Does tocilizumab help schizophrenia?" in ran.out


def test_a_file_of_questions_is_answered_line_by_line(run: Run, tmp_path: Path) -> None:
    """One JSON answer a line, with the id of its question, in order; empty lines are skipped."""
    path = lines(
        tmp_path / "q.jsonl",
        {"id": "a", "question": QUESTION},
        {"id": 2, "question": "and in schizophrenia?", "history": [QUESTION]},
        {"question": "best pizza in Rome"},
    )
    Path(path).write_text(Path(path).read_text().replace("\n", "\n\n"))
    ran = run("ask", "--file", path)
    assert ran.code == 0
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [a["id"] for a in answers] == ["a", 2, None]
    assert [a["kind"] for a in answers] == ["cited", "cited", "declined"]
    assert answers[1]["standalone_question"] == "Does tocilizumab help schizophrenia?"


def test_half_characters_in_a_file_are_answered(run: Run, tmp_path: Path) -> None:
    """A question that cannot be written out again does not stop the rest."""
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"id": 1, "question": "\\ud800 tocilizumab and depression"}\n{"id": 2, "question": "hi"}\n'
    )
    ran = run("ask", "--file", str(path))
    assert ran.code == 0
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == [1, 2]


def test_without_an_index_a_file_tells_it_at_each_question(run: Run, tmp_path: Path) -> None:
    """Every line gets its error, and the exit code says that something is wrong."""
    path = lines(tmp_path / "q.jsonl", {"id": 1, "question": QUESTION}, {"id": 2, "question": QUESTION})
    ran = run("ask", "--file", path, home=tmp_path / "empty")
    assert ran.code == 1
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [set(a) for a in answers] == [{"id", "error"}] * 2
    assert "python -m ingest build" in answers[0]["error"]


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("as_json", [True, False])
def test_without_an_index_the_command_that_makes_one_is_named(
    run: Run, tmp_path: Path, command: str, as_json: bool
) -> None:
    """One line on standard error, nothing on standard output, exit code 2, and no folder is made."""
    ran = run(command, QUESTION, *(["--json"] if as_json else []), home=tmp_path / "empty")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert "python -m ingest build" in ran.err
    assert QUESTION not in ran.err
    assert not (tmp_path / "empty").exists()


def test_search_ranks_passages(run: Run) -> None:
    """Rank, title, passage id and text; -k is the number of them."""
    found = json.loads(run("search", "soluble receptor", "-k", "4", "--json").out)
    assert found["query"] == "soluble receptor"
    assert [p["rank"] for p in found["passages"]] == [1, 2, 3, 4]
    assert set(found["passages"][0]) == {
        "rank", "passage_id", "source_id", "title", "section", "score", "found_by", "text"
    }  # fmt: skip
    scores = [p["score"] for p in found["passages"]]
    assert scores == sorted(scores, reverse=True)
    out = run("search", "soluble receptor", "-k", "1").out
    assert found["passages"][0]["passage_id"] in out


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (["--design", "cohort"], lambda s: s.design == "cohort"),
        (
            ["--design", "cohort", "--design", "meta-analysis"],
            lambda s: s.design in {"cohort", "meta-analysis"},
        ),
        (["--year-from", "2021"], lambda s: s.year >= 2021),
        (["--year-to", "2012"], lambda s: s.year <= 2012),
        (["--year-from", "2018", "--year-to", "2018"], lambda s: s.year == 2018),
        (
            ["--population", "transplant"],
            lambda s: "transplant" in f"{s.population} {s.conditions}".casefold(),
        ),
        (["--status", "unknown"], lambda s: s.status == "unknown"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_search_filters_let_only_what_fits_through(
    run: Run, starter: Any, options: list[str], holds: Callable[[Source], bool]
) -> None:
    """Every passage that is found is from a work that passes the filter."""
    found = json.loads(run("search", "tocilizumab depression", "--json", *options).out)["passages"]
    assert found
    works = starter.provider.current().sources([p["source_id"] for p in found])
    assert all(holds(w) for w in works.values())


def test_a_search_that_finds_nothing_says_so(run: Run) -> None:
    """No output would look like a crash."""
    ran = run("search", "depression", "--year-from", "2200")
    assert (ran.code, ran.out.strip()) == (0, "Nothing was found.")
    assert json.loads(run("search", "depression", "--year-from", "2200", "--json").out)["passages"] == []


def test_a_file_of_searches(run: Run, tmp_path: Path) -> None:
    """One ranking a line."""
    path = lines(tmp_path / "q.jsonl", {"id": 1, "question": "IL-6"}, {"id": 2, "question": "CRP"})
    rows = [json.loads(line) for line in run("search", "--file", path, "-k", "2").out.splitlines()]
    assert [(r["id"], len(r["passages"])) for r in rows] == [(1, 2), (2, 2)]


def test_texts_of_a_collection_do_not_steer_the_terminal() -> None:
    """Escape sequences, bidirectional marks and markup of a source are shown as text or not at all."""
    evil = "\x1b[31mred\x1b[0m \u202eback\u202c [bold]loud[/bold] \x07"
    source = Source("a", f"Title {evil}", url="https://x.example/[a]")
    answer = Cited(
        question=evil,
        standalone_question=f"other {evil}",
        headline=evil,
        claims=(Claim(evil, (Citation(1, "a", "a#x", evil, 0, len(evil)),), frame=evil),),
        sources=(NumberedSource(1, source),),
        caveats=(Caveat(CaveatKind.PREPRINT, Severity.WARN, evil),),
        notices=(evil,),
        unknowns=(evil,),
    )
    console = Console(width=120, record=True, file=io.StringIO(), color_system=None)
    render(answer, console)
    out = console.export_text()
    assert not set(out) & {"\x1b", "\u202e", "\u202c", "\x07"}
    assert out.count("[bold]loud[/bold]") >= 7
    assert "https://x.example/[a]" in out


def test_the_model_files_are_where_the_settings_say() -> None:
    """The embedding model needs no download: its files are installed."""
    assert locate("minilm").model_id


@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("markdown", "# Does"),
        ("bibtex", "@"),
        ("ris", "1.\nTY  - "),
        ("csv", "number,id"),
        ("doctor", "# Questions for"),
    ],
)
def test_an_answer_can_be_taken_away(run: Run, form: str, first: str) -> None:
    """Each format is the whole of standard output, so that it can be sent to a file."""
    ran = run("ask", QUESTION, "--format", form, "--register", "plain")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(first)


def test_the_register_is_named_in_the_json(run: Run) -> None:
    """The wording that was asked for is the one that is given, on one line a question as well."""
    data = json.loads(run("ask", QUESTION, "--json", "--register", "plain").out)
    assert data["register"] == "plain"
    assert any(not claim["verbatim"] for claim in data["claims"])


def test_many_questions_are_json_only(run: Run, tmp_path: Path) -> None:
    """A file of questions with a format for one answer is refused in one line."""
    ran = run("ask", "--file", lines(tmp_path / "q.jsonl", {"question": QUESTION}), "--format", "ris")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "--format ris" in ran.err


def test_a_wide_table_goes_work_by_work(run: Run) -> None:
    """Thirteen columns for researchers are lines under each work, none cut off, and identifiers are whole."""
    out = run("ask", QUESTION, "--register", "research").out
    assert "Blinding: double-blind" in out
    assert "Identifiers: ISRCTN16942542" in out
    assert "…" not in out.split("Points to worse")[0]
