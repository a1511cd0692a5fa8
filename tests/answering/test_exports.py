"""What is taken away opens in the program it is for, holds what the answer holds, and says what it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from markdown_it import MarkdownIt
from markdown_it.token import Token

from caveat.answering.exports import to_bibtex, to_csv, to_doctor_page, to_markdown, to_ris
from caveat.answering.exports.doctor import questions
from caveat.answering.exports.studies import COLUMNS
from caveat.answering.exports.text import one_line
from caveat.answering.registers import Register, in_register
from caveat.answering.registers.hidden import has_dose
from caveat.domain.model import (
    DISCLOSURE,
    Answer,
    Card,
    CardKind,
    Caveat,
    CaveatKind,
    Citation,
    Cited,
    Claim,
    Declined,
    DeclineReason,
    Design,
    HelpLine,
    NumberedSource,
    Passage,
    Passages,
    Severity,
    Source,
    SourceKind,
    Table,
)
from caveat.domain.readability import grade
from caveat.domain.topic import Topic
from caveat.domain.words_for import link

ALL: tuple[Callable[[Answer], str], ...] = (to_markdown, to_bibtex, to_ris, to_csv, to_doctor_page)
HOSTILE = [
    "100% of $x_1$ & {IL-6} # ~ ^ \\ “quoted” `code` *bold* _it_",
    "Unbalanced } } { brace @article{evil, title={x}}",
    "A\nER  - \nTY  - JOUR\nTI  - evil",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt; &amp;",
    "[click](https://evil.example) ![pic](https://evil.example/x.png) <https://evil.example> https://evil.example",
    '=HYPERLINK("https://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|x",
    "| a | b |\n|---|---|\n# heading\n> quote\n- list\n1. one\n---",
    "\u202eright to left\u202c \u200bzero width \x07 bell",
    "1. First",
    "ends with a backslash \\",
    "% comment, then \\input{/etc/passwd} \\write18{x}",
    'comma, "quote" and; semicolon\r\nnew line',
    "ünïcödé Ω α-synuclein 肿瘤 עברית",
    "a" * 2000,
]
AUTHORS = (
    "Knight JM",
    "van der Berg, A. B.",
    "Müller Å",
    "National Institute for Health and Care Excellence",
    "A and B; C",
    "et al.",
)


def answer_on(*sources: Source, **parts: object) -> Cited:
    """An answer with one claim a source."""
    numbered = tuple(NumberedSource(i, s) for i, s in enumerate(sources, 1))
    claims = tuple(
        Claim(s.title, (Citation(i, s.id, f"{s.id}#0", s.title, 0, len(s.title)),))
        for i, s in enumerate(sources, 1)
    )
    base = Cited(
        question="Does it help?",
        standalone_question="Does it help?",
        headline="Not shown.",
        claims=claims,
        sources=numbered,
    )
    return replace(base, **parts)  # type: ignore[arg-type]


def hostile_answer() -> Cited:
    """Every hostile text as title, journal and author of a source."""
    found = [
        Source(f"id {i} {{}} %", t, kind=SourceKind.ARTICLE, authors=(*AUTHORS, t), journal=t, year=2020 + i % 5, design=Design.COHORT,
               doi="10.1/a_b(c)", url="https://x.example/a_b?c=1&d=%20", registry_ids=("NCT01",), intervention=t)
        for i, t in enumerate(HOSTILE)
    ]  # fmt: skip
    return answer_on(
        *found, question=HOSTILE[4], caveats=(Caveat(CaveatKind.SMALL_SAMPLE, Severity.WARN, HOSTILE[3]),)
    )


def read_bibtex(text: str) -> bibtexparser.Library:
    """The text as the reference parser reads it, LaTeX decoded."""
    return bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])


def read_markdown(text: str) -> list[Token]:
    """Every token, inline ones included, with raw HTML, tables and bare links switched on as most viewers have them."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return [t for block in reader.parse(text) for t in (block, *(block.children or ()))]


def squeezed(text: str) -> str:
    """The text without spaces, as two renderings compare."""
    return re.sub(r"\s+", "", text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_bibtex_is_read_back_as_it_was() -> None:
    """Title, authors, year, DOI and address of every source, hostile or not, survive the reference parser."""
    answer = hostile_answer()
    library = read_bibtex(to_bibtex(answer))
    assert library.failed_blocks == []
    assert len(library.entries) == len(answer.sources)
    assert len({e.key for e in library.entries}) == len(answer.sources)
    for entry, item in zip(library.entries, answer.sources, strict=True):
        s = item.source
        assert re.fullmatch(r"[A-Za-z0-9:-]+", entry.key)
        assert squeezed(entry["title"].replace("ˆ", "^")) == squeezed(one_line(s.title).replace("``", "“"))
        assert entry["year"] == str(s.year)
        assert entry["doi"] == s.doi
        assert entry["url"] == link(s)
        raw = bibtexparser.parse_string(to_bibtex(answer)).entries[item.number - 1]["author"]
        assert raw.startswith("Knight, JM and van der Berg, A. B. and Müller, Å and {National Institute")
        assert "{A and B; C}" in raw


def test_braces_balance_in_bibtex() -> None:
    """BibTeX itself counts every brace, escaped or not: each entry must close where it opened."""
    depth = 0
    for c in to_bibtex(hostile_answer()):
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0


def test_others_stands_for_et_al() -> None:
    """A list that was cut short ends as BibTeX wants it."""
    text = to_bibtex(answer_on(Source("a", "A", authors=("Knight JM", "et al."))))
    assert "author = {Knight, JM and others}" in text


def test_ris_is_read_back_as_it_was() -> None:
    """One record a source: a title with line breaks begins no new field and ends no record."""
    answer = hostile_answer()
    records = rispy.loads(to_ris(answer))
    assert len(records) == len(answer.sources)
    for record, item in zip(records, answer.sources, strict=True):
        s = item.source
        assert record["title"] == one_line(s.title)
        assert record["year"] == str(s.year)
        assert record["doi"] == s.doi
        assert record["urls"] == [link(s)]
        assert record["authors"][:3] == ["Knight, JM", "van der Berg, A. B.", "Müller, Å"]
        assert len(record["authors"]) == len(s.authors)
        assert DISCLOSURE in record["notes"]


def test_csv_is_read_back_and_no_cell_is_a_formula() -> None:
    """As many rows as sources, every fact in its column, and nothing a spreadsheet would run."""
    answer = hostile_answer()
    rows = list(csv.DictReader(io.StringIO(to_csv(answer))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(answer.sources)
    for row, item in zip(rows, answer.sources, strict=True):
        assert row["title"].removeprefix("'") == one_line(item.source.title)
        assert row["design"] == "cohort"
        assert row["disclosure"] == DISCLOSURE
        assert row["pmid"] == ""
        assert row["points_to"] == "context"
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def test_markdown_shows_hostile_text_as_text() -> None:
    """No raw HTML, no link or picture of a source's making, no heading that is not ours; the characters stay the same."""
    answer = hostile_answer()
    text = to_markdown(answer)
    tokens = read_markdown(text)
    assert not [
        t
        for t in tokens
        if t.type in {"html_block", "html_inline", "image", "code_inline", "fence", "code_block"}
    ]
    hrefs = {str(t.attrs["href"]) for t in tokens if t.type == "link_open"}
    assert hrefs == {"https://doi.org/10.1/a_b(c)"}
    headings = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    assert headings[1:] == ["What the sources say", "Be careful", "Sources"]
    shown = squeezed("".join(t.content for t in tokens if t.type == "text"))
    for title in HOSTILE:
        assert squeezed(one_line(title)) in shown
    assert not re.search(r"(?<![\\<])https?://evil", text)


def test_a_markdown_table_keeps_its_cells() -> None:
    """Bars and line breaks in a cell do not make another cell."""
    rows = tuple((t, "x") for t in HOSTILE[:9])
    sources = [Source(str(i), "T") for i in range(len(rows))]
    answer = answer_on(*sources, table=Table(("One", "Two"), rows, tuple(s.id for s in sources)))
    tokens = read_markdown(to_markdown(answer))
    cells = [tokens[i + 1] for i, t in enumerate(tokens) if t.type == "td_open"]
    assert len(cells) == 3 * len(rows)
    told = [squeezed("".join(c.content for c in cell.children or ())) for cell in cells[1::3]]
    assert told == [squeezed(one_line(t)) for t, _ in rows]


def others() -> list[Answer]:
    """Answers that are not cited: help cards, nothing found, passages alone."""
    line = HelpLine("Utopia", "The Line", "123", "https://line.example", emergency="999")
    passage = Passage("a#0", "a", "what_was_found", HOSTILE[3], 0, len(HOSTILE[3]))
    return [
        Declined(question="q", standalone_question="q", headline="H.", reason=DeclineReason.CRISIS, card=Card(CardKind.CRISIS, "Read this first.", (line,))),
        Declined(question="q", standalone_question="q", headline="This collection does not answer that.", reason=DeclineReason.NOT_IN_COLLECTION),
        Passages(question="q", standalone_question="q", headline="H.", reason="r", passages=(passage,)),
    ]  # fmt: skip


@pytest.mark.parametrize("export", ALL)
def test_the_disclosure_is_in_each(export: Callable[[Answer], str]) -> None:
    """Whoever finds the file knows that software made it and that it can be wrong."""
    text = export(answer_on(Source("a", "A")))
    assert DISCLOSURE in re.sub(r"\\(?=\W)", "", text)


@pytest.mark.parametrize("export", ALL)
@pytest.mark.parametrize("answer", others(), ids=["crisis", "not-in-collection", "passages"])
def test_every_kind_of_answer_can_be_taken_away(export: Callable[[Answer], str], answer: Answer) -> None:
    """No export fails on an answer without sources; help lines come before anything else."""
    text = export(answer)
    if export in {to_markdown, to_doctor_page} and answer.card:
        assert text.index("123") < text.index("# ")
    if export is to_csv:
        assert text.startswith("number,id,title")


@pytest.mark.parametrize("register", list(Register))
def test_real_answers_go_through_every_export(
    once: Callable[[str], Answer], topic: Topic, register: Register
) -> None:
    """Sources of a real answer in any register are all there, in order; its claims stand in the Markdown."""
    answer = in_register(once("Does tocilizumab help depression?"), register, topic)
    assert isinstance(answer, Cited)
    titles = [one_line(s.source.title) for s in answer.sources]
    assert [r["title"] for r in rispy.loads(to_ris(answer))] == titles
    assert [r["title"] for r in csv.DictReader(io.StringIO(to_csv(answer)))] == titles
    assert len(read_bibtex(to_bibtex(answer)).entries) == len(titles)
    shown = squeezed("".join(t.content for t in read_markdown(to_markdown(answer)) if t.type == "text"))
    for claim in answer.claims:
        assert squeezed(claim.text) in shown
    for caveat in answer.caveats:
        assert squeezed(caveat.text) in shown


def test_the_doctor_page_is_plain_and_holds_no_dose(once: Callable[[str], Answer]) -> None:
    """Its questions come from the answer, ask for at most nine years of school, and it tells nobody what to take."""
    asked = [
        "Does tocilizumab help depression?",
        "What dose of tocilizumab did the schizophrenia trial give?",
        "What are the serious risks of tocilizumab?",
        "Which trials are still recruiting?",
        "Does IL-6 predict depression?",
    ]
    for question in asked:
        answer = once(question)
        page = to_doctor_page(answer)
        body = page.split("## Sources")[0]
        assert not has_dose(body)
        assert len(questions(answer)) >= 1
        told = "\n".join(questions(answer))
        found = grade(told)
        assert found is not None
        assert found <= 9, told
        assert isinstance(answer, Cited)
        assert not [c for c in answer.claims if c.text in body]
        assert "Do not start, stop or change a medicine" in page
    first = to_doctor_page(once(asked[0]))
    assert "goal" in first
    assert "people did worse" in first
