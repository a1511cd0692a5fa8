"""What the readers make of files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caveat.domain.model import Design, Document, SourceKind
from caveat.errors import CorpusError
from ingest.collect import documents
from ingest.readers import read_file
from ingest.readers.sections import MarkedSection

HEAD = "---\nid: work\ntitle: A title\n---\n"


def read(path: Path) -> tuple[list[Document], list[str]]:
    """Documents and the messages of what could not be read."""
    errors: list[CorpusError] = []
    return list(read_file(path, errors.append)), [str(e) for e in errors]


def one(tmp_path: Path, text: str, name: str = "work.md") -> Document:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found, errors = read(path)
    assert errors == []
    (document,) = found
    return document


def refused(tmp_path: Path, text: str | bytes, name: str = "work.md") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    found, errors = read(path)
    assert found == []
    (message,) = errors
    assert message.startswith(str(path))
    assert "\n" not in message
    return message.removeprefix(str(path))


def test_front_matter_gives_the_facts(tmp_path: Path) -> None:
    """Each field is taken over with its type; text stays text even when it looks like a number or a date."""
    text = (
        "---\nid: w1\ntitle: 'P < 0.05: a title'\nkind: article\nyear: 2021\nn_total: 87\npmid: 33462203\n"
        "design: cohort\nprimary_outcome_met: false\nindustry_funded:\nauthors:\n- Knight JM\n- et al.\n"
        "registry_ids: [NCT01234567, 12]\nstatus_checked_on: 2026-11-23\nlanguage: no\n---\n"
        "## Results\n- It rose.\n"
    )
    source = one(tmp_path, text).source
    assert (source.id, source.title, source.kind) == ("w1", "P < 0.05: a title", SourceKind.ARTICLE)
    assert (source.year, source.n_total, source.pmid) == (2021, 87, "33462203")
    assert (source.design, source.primary_outcome_met, source.industry_funded) == (Design.COHORT, False, None)
    assert (source.authors, source.registry_ids) == (("Knight JM", "et al."), ("NCT01234567", "12"))
    assert (source.status_checked_on, source.language) == ("2026-11-23", "no")


def test_sections_and_bullets(tmp_path: Path) -> None:
    """Headings name sections, every bullet is a line and one sentence, and a comment is not quotable."""
    body = (
        "## What was found\n\n- Scores rose (P = .03). Vs. placebo too.\n- A bullet\n  over two lines.\n\n"
        "A paragraph\nover two lines.\n\n1. Numbered.\n\n"
        "### Comment by Caveat\n- Ours.\n\n## Empty\n\n## Commentary\nTheirs.\n"
    )
    found, comment, theirs = one(tmp_path, HEAD + body).sections
    assert found.name == "what_was_found"
    lines = [
        "Scores rose (P = .03). Vs. placebo too.",
        "A bullet over two lines.",
        "A paragraph over two lines.",
    ]
    assert found.text.split("\n") == [*lines, "Numbered."]
    assert isinstance(found, MarkedSection)
    assert [found.text[s.start : s.end] for s in found.whole] == [lines[0], lines[1], "Numbered."]
    assert (comment.name, comment.quotable) == ("comment_by_caveat", False)
    assert (theirs.name, theirs.quotable) == ("commentary", True)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("**Bold** and *slanted* and `code`", "Bold and slanted and code"),
        ("CYP2C19*2 and CYP2C19*3", "CYP2C19*2 and CYP2C19*3"),
        ("P<0.05 and n<x and y>z", "P<0.05 and n<x and y>z"),
        ("10<sup>6</sup> cells, H<sub>2</sub>O", "10^6 cells, H2O"),
        ("&lt;5 mg &amp; more", "<5 mg & more"),
        ("See [the trial](https://example.org/x_y).", "See the trial."),
        ("snake_case_name and 5 \\* 3", "snake_case_name and 5 * 3"),
        ("95% CI 0.75–10.73; α ≥ 1", "95% CI 0.75–10.73; α ≥ 1"),
        ("    indented is prose", "indented is prose"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
    ],
)
def test_markup_goes_and_meaning_stays(tmp_path: Path, written: str, read_as: str) -> None:
    """Marks of Markdown are taken away; signs that carry meaning are not."""
    (section,) = one(tmp_path, HEAD + written).sections
    assert section.text == read_as


def test_without_front_matter_the_heading_is_the_title(tmp_path: Path) -> None:
    """A plain Markdown file is a document: first heading, or the file's name, and its id from the name."""
    document = one(tmp_path, "# The title\n\nSome text.\n", "my note.md")
    assert (document.source.id, document.source.title) == ("my-note", "The title")
    assert [s.text for s in document.sections] == ["Some text."]
    assert one(tmp_path, "Only text.\n", "plain.md").source.title == "plain"


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_windows_line_ends_and_byte_order_marks_are_no_matter(tmp_path: Path, mark: str) -> None:
    """The same file saved on another system reads the same."""
    text = HEAD + "## Found\n\n- It rose.\n"
    assert one(tmp_path, mark + text.replace("\n", "\r\n")).sections == one(tmp_path, text).sections


@pytest.mark.parametrize(
    ("head", "line", "words"),
    [
        ("id: a\ntitle: b: c\n", 3, "front matter is not YAML"),
        ("id: a\ntitle: [b\n", 3, "front matter is not YAML"),
        ("id: a\n\ttitle: b\n", 3, "front matter is not YAML"),
        ("- a\n- b\n", 2, "name: value"),
        ("id: a\ntitle: b\nid: c\n", 4, "stands twice"),
        ("id: a\ntitle: &x b\njournal: *x\n", 4, "not read"),
        ("id: a\ntitle: b\npopluation: c\n", 4, "did you mean 'population'"),
        ("id: a\ntitle: b\nyear: 20211\n", 4, "20211 is not between"),
        ("id: a\ntitle: b\nyear: soon\n", 4, "whole number"),
        ("id: a\ntitle: b\nyear: 2021.5\n", 4, "whole number"),
        ("id: a\ntitle: b\nstatus_checked_on: 2026-02-30\n", 4, "not a past day"),
        ("id: a\ntitle: b\nstatus_checked_on: 2999-01-01\n", 4, "not a past day"),
        ("id: a\ntitle: b\ndesign: RCT\n", 4, "not one of: meta-analysis"),
        ("id: a\ntitle: b\nprimary_outcome_met: maybe\n", 4, "true or false"),
        ("id: a\ntitle: b\nauthors: Knight\n", 4, "list of texts"),
        ("id: a\ntitle: b\nn_total: -3\n", 4, "below zero"),
        ("id: a b\ntitle: b\n", 2, "may not hold a space"),
        ("id: a#b\ntitle: b\n", 2, "may not hold"),
        ("id: a\ntitle: [x]\n", 3, "is not text"),
    ],
)
def test_wrong_front_matter_names_file_and_line(tmp_path: Path, head: str, line: int, words: str) -> None:
    """Whoever keeps the collection is led to the very line."""
    message = refused(tmp_path, f"---\n{head}---\n\n## Found\n- It rose.\n")
    assert message.startswith(f":{line}: ")
    assert words in message


def test_front_matter_that_never_ends_is_refused(tmp_path: Path) -> None:
    """A missing closing line does not turn facts into text."""
    assert "not closed" in refused(tmp_path, "---\nid: a\ntitle: b\n\n## Found\n- It rose.\n")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("work.md", b"", "no text"),
        ("work.md", HEAD.encode() + b"## Found\n\n## Limits\n", "no text"),
        ("work.txt", b"  \n ", "no text"),
        ("work.jsonl", b"\n\n", "no text"),
        ("work.md", b"Caf\xe9\nx", ":1: it is not UTF-8"),
        ("work.txt", b"one\ntwo \x00", ":2: it is not text"),
        ("work.pdf", b"%PDF", "this kind of file is not read"),
        ("work.jsonl", b"{", "it is not JSON"),
        ("work.jsonl", b"[1]", "not a JSON object"),
        ("work.jsonl", b'{"id": "a", "title": "b"}', "needs a 'text'"),
        ("work.jsonl", b'{"id": "a", "title": "b", "text": 3}', "needs a 'text'"),
        ("work.jsonl", b'{"id": "a", "title": "b \\ud800", "text": "c"}', "title: it holds half a character"),
        ("work.jsonl", b'{"id": "a", "title": "b", "text": "c \\udfff"}', "half a character"),
        ("work.jsonl", b'{"id": "a", "title": "b", "text": "c", "authors": ["\\ud800"]}', "half a character"),
        ("work.jsonl", b'{"id": "a", "title": "b", "sections": [{"text": "x"}]}', "a section needs"),
        ("work.jsonl", b'{"id": "a", "text": "b"}', "'title' is missing"),
        ("work.jsonl", b'{"id": "a", "title": "b", "text": "c", "yeer": 2}', "did you mean 'year'"),
        ("work.jsonl", b'{"id": "a", "title": "b", "text": "c", "year": "?"}', "whole number"),
        ("work.jsonl", b"[" * 100_000, "it is not JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    """No file is half-read, and none ends in a trace."""
    assert words in refused(tmp_path, content, name)


def test_json_lines_read_on_after_a_wrong_line(tmp_path: Path) -> None:
    """One bad record costs itself, and its number is told."""
    path = tmp_path / "works.jsonl"
    rows = [{"id": f"w{i}", "title": "T", "year": 2020, "text": "One.\nTwo."} for i in range(3)]
    lines = [json.dumps(row) for row in rows]
    path.write_text("\n".join([lines[0], "{broken", lines[1], "", lines[2]]))
    found, errors = read(path)
    assert [d.source.id for d in found] == ["w0", "w1", "w2"]
    assert [d.origin for d in found] == [f"{path}:1", f"{path}:3", f"{path}:5"]
    assert len(errors) == 1
    assert ":2: " in errors[0]
    assert found[0].sections[0].text == "One.\nTwo."


def test_json_lines_sections_keep_their_standing(tmp_path: Path) -> None:
    """Sections keep names, and what is not quotable stays so."""
    record = {
        "id": "a",
        "title": "b",
        "sections": [
            {"name": "Results", "text": "- One.\n- Two."},
            {"name": "Editor", "text": "Ours.", "quotable": False},
        ],
    }
    results, editor = one(tmp_path, json.dumps(record), "a.jsonl").sections
    assert (results.name, results.text, results.quotable) == ("results", "One.\nTwo.", True)
    assert (editor.name, editor.quotable) == ("editor", False)


def test_plain_text_joins_wrapped_lines(tmp_path: Path) -> None:
    """Blank lines and list marks part the text, other line ends do not."""
    (section,) = one(tmp_path, "A line\nand its rest.\n\n- one\n- two\n  goes on\n", "a.txt").sections
    assert section.text == "A line and its rest.\none\ntwo goes on"


def test_a_folder_is_read_in_order_without_what_is_no_document(tmp_path: Path) -> None:
    """Readmes, other files, hidden files and links are passed over; subfolders are read."""
    (tmp_path / "trials").mkdir()
    for name in ("b.md", "a.txt", "README.md", ".hidden.md", "trials/c.md", "topic.yaml"):
        (tmp_path / name).write_text("Some text.")
    (tmp_path / "link.md").symlink_to(tmp_path / "b.md")
    (tmp_path / "loop").symlink_to(tmp_path)
    ignored: list[str] = []
    errors: list[CorpusError] = []
    found = documents([tmp_path], errors.append, lambda path, _why: ignored.append(path.name))
    assert [d.source.id for d in found] == ["a", "b", "c"]
    assert sorted(ignored) == ["README.md", "link.md", "loop", "topic.yaml"]
    assert errors == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(st.text(max_size=300), st.binary(max_size=300)),
    name=st.sampled_from(["a.md", "a.txt", "a.jsonl"]),
)
def test_no_file_breaks_a_reader(tmp_path: Path, content: str | bytes, name: str) -> None:
    """Any content gives documents or one-line errors, never an exception."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    found, errors = read(path)
    assert found or errors
    assert all("\n" not in message for message in errors)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(head=st.text(alphabet="abcidtle: -[]{}#&*!|>'\"\n%@`0.", max_size=80))
def test_no_front_matter_breaks_the_reader(tmp_path: Path, head: str) -> None:
    """Any YAML-like head gives a document or a line number within the file."""
    path = tmp_path / "a.md"
    path.write_text(f"---\n{head}\n---\n\nSome text.\n")
    found, errors = read(path)
    assert len(found) + len(errors) == 1
    for message in errors:
        line = int(message.removeprefix(f"{path}:").split(":")[0])
        assert 1 <= line <= path.read_text().count("\n") + 1
