"""What stands on the page for each kind of answer, from the answer's JSON alone."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from page_fakes import (
    CITED,
    CRISIS,
    DECLINED,
    DEFINITION,
    EMPTY,
    FOLLOW_UP,
    HIGHER,
    HOSTILE,
    KNIGHT,
    LINES,
    MISSED,
    NO_TEXT,
    PASSAGES,
    PERSONAL,
    REMISSION,
    SCRIPT,
    URGENT,
    FakeIndex,
    FakeProvider,
    cite,
    hostile,
    numbered,
)

from caveat.domain.model import (
    DISCLOSURE,
    Answer,
    Claim,
    QuestionKind,
    Removed,
    Stance,
    Status,
    Term,
)
from caveat.ui.exchange import exchange
from caveat.ui.history import dump, load
from caveat.ui.markup import ATTRIBUTES, TAGS
from caveat.ui.sources_view import marked
from caveat.ui.transcript import announcement, transcript, turn


class Page(HTMLParser):
    """The elements, attributes and visible text of a piece of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.marks: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag == "mark":
            self.marks.append("")
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._open[-1] == "mark":
            self.marks[-1] += data


def show(answer: Answer, provider: FakeProvider | None = None) -> Page:
    """The answer as it stands on the page."""
    return Page(turn(exchange(answer.question, answer, provider or FakeProvider())))


@pytest.mark.parametrize("answer", SCRIPT.values(), ids=list(SCRIPT))
def test_every_answer_carries_the_disclosure(answer: Answer) -> None:
    """Each answer, declined ones too, says what this is in one line, and how many works there are."""
    page = show(answer)
    assert DISCLOSURE in page.text
    assert "186 works" in page.text


@pytest.mark.parametrize("answer", SCRIPT.values(), ids=list(SCRIPT))
def test_links_on_the_page_lead_to_exactly_one_place(answer: Answer) -> None:
    """Every link to a card or back to the text has one target, and no id is used twice."""
    page = show(answer)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_an_association_is_no_getting_better() -> None:
    """What goes together is told as linked or not, in the words of the terminal and the exports; no gain is meant."""
    text = show(replace(CITED, question_kind=QuestionKind.ASSOCIATION)).text
    assert "Points to" not in text
    assert text.index("Not linked") < text.index("Linked the other way")
    assert "Linked" in text.replace("Not linked", "").replace("Linked the other way", "")


def test_claims_stand_in_lanes_with_frame_quote_and_number() -> None:
    """Each claim is shown in quotation marks under who was studied, in the lane of its stance."""
    text = show(CITED).text
    lanes = [text.index(h) for h in ("No clear difference", "Points to worse", "Points to better")]
    assert lanes == sorted(lanes), "lanes keep the order in which the answer gives them"
    assert f"“{HIGHER}” [3]" in text
    assert lanes[1] < text.index("In 87 stem-cell transplant patients") < text.index(HIGHER) < lanes[2]
    assert text.count("In 30 people with depression") == 1, "one frame over the sentences that share it"


def test_background_comes_last_and_alone_has_a_plain_heading() -> None:
    """Background never stands before results; an answer of background alone does not call itself that."""
    claims = (replace(CITED.claims[2], stance=Stance.CONTEXT), CITED.claims[3])
    text = show(replace(CITED, claims=claims)).text
    assert text.index("Points to worse") < text.index("Background")
    assert "What the sources say" in show(DEFINITION).text
    assert "Background" not in show(DEFINITION).text


def test_a_claim_that_is_not_its_quote_is_not_shown_as_a_quote() -> None:
    """Quotation marks mean letter for letter."""
    claim = Claim("Depression scores were higher.", (cite(3, "knight", HIGHER),), Stance.OPPOSES)
    text = show(replace(CITED, claims=(claim,))).text
    assert "Depression scores were higher. [3]" in text
    assert "“Depression" not in text


def test_headline_certainty_unknowns_and_removed_claims_are_in_words() -> None:
    """Certainty, its reasons, what is not told and what was left out are all readable text."""
    text = show(CITED).text
    assert (
        text.index("Not shown.")
        < text.index("Certainty: very low")
        < text.index("one small trial in depression")
    )
    assert "not a formal GRADE assessment" in text
    assert "What this does not tell you" in text
    assert "2 sentences were left out because no passage supported them." in text
    assert "1 sentence was left out because no passage supported it." in show(FOLLOW_UP).text


def test_why_sentences_were_left_out_is_told_on_request() -> None:
    """Each reason once with its count, folded under the line that counts them."""
    why = "A number in it is not in its quotes."
    removed = (Removed("number", why), Removed("number", why), Removed("drug", "It named another drug."))
    page = show(replace(CITED, removed=removed, removed_claims=3))
    assert "3 sentences were left out because no passage supported them." in page.text
    assert f"{why} (2)" in page.text
    assert "It named another drug." in page.text
    assert "details" in page.tags


def test_caveats_are_ordered_by_severity_in_words_and_name_their_sources() -> None:
    """Severity is a word, the loudest first; numbers in a caveat link to the cards, and are not doubled."""
    page = show(CITED)
    careful = page.text[page.text.index("Be careful") : page.text.index("What this does not tell you")]
    assert re.search(r"Warning.*\[4\] is retracted.*Caution.*not approved.*Note.*notes on the work", careful)
    assert careful.count("[4] is retracted") == 1
    assert "The findings disagree. [1][3]" in careful
    assert sum(link.endswith("-source-4") for link in page.links) == 3


def test_a_number_that_is_no_source_of_this_answer_is_not_a_link() -> None:
    """A caveat cannot link to a card that is not there."""
    page = show(FOLLOW_UP)
    assert "[4] is retracted" in page.text
    assert not any(link.endswith("-source-4") for link in page.links)


def test_the_rewritten_question_is_shown_only_when_it_differs() -> None:
    """A follow-up says how it was understood; a question taken as asked does not."""
    assert "Understood as: Does tocilizumab help depression in transplant patients?" in show(FOLLOW_UP).text
    assert "Understood as" not in show(CITED).text


def test_a_list_question_gets_its_table_before_the_sentences() -> None:
    """Where the table is the answer it comes first, each row linked to its source."""
    page = show(replace(CITED, question_kind=QuestionKind.LIST))
    assert page.text.index("Main outcome missed") < page.text.index("No clear difference")
    assert show(CITED).text.index("Main outcome missed") > show(CITED).text.index("Points to better")
    assert "[1]Insight 2026" in page.text.replace(" [", "[")


def test_source_cards_say_what_a_work_is_in_words() -> None:
    """Title, authors, journal, year, design, n, population, direction, status and the note are all text."""
    text = show(CITED).text
    panel = text[text.index("4 sources") :]
    for words in (
        "Matcham F, Galloway J, Hotopf M and others · Arthritis & Rheumatology · 2018",
        "23,535 participants",
        "Cohort, not randomised",
        "Stem-cell transplant patients",
        "Reports harm",
        "Known from secondary pages only",
        "Note by Caveat, not the original abstract",
        "No retraction or correction found (checked 2026-11-23)",
        "Retraction status not checked",
        "Retracted (checked 2026-11-23)",
    ):
        assert words in panel


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.UNKNOWN, "Retraction status not checked"),
        (Status.EXPRESSION_OF_CONCERN, "Expression of concern"),
        (Status.CORRECTED, "Corrected after publication"),
        (Status.WITHDRAWN, "Withdrawn"),
    ],
)
def test_every_status_has_words(status: Status, words: str) -> None:
    """An unknown status never reads as a clean one."""
    text = show(replace(CITED, sources=numbered(replace(KNIGHT, status=status)))).text
    assert words in text
    assert ("No retraction" in text) == (status is Status.CURRENT)


def test_links_to_the_original_are_built_from_identifiers() -> None:
    """DOI, PubMed and registry links lead to the original; so does the stored address."""
    links = show(CITED).links
    assert "https://doi.org/10.1038/s41398-020-01164-y" in links
    assert "https://pubmed.ncbi.nlm.nih.gov/33462203/" in links
    assert "https://www.isrctn.com/ISRCTN16942542" in links
    assert "https://news.example/insight" in links


def test_a_work_without_any_address_says_so() -> None:
    """A card never just lacks its link to the original."""
    lost = replace(KNIGHT, doi=None, pmid=None, url="javascript:alert(1)")
    assert "No address of it is known" in show(replace(CITED, sources=numbered(lost))).text
    assert "No address" not in show(CITED).text


def test_the_quote_is_marked_in_its_passage_with_the_text_around_it() -> None:
    """Each cited sentence is marked letter for letter; the sentence between two quotes is not."""
    page = show(CITED)
    assert {MISSED, REMISSION, HIGHER} <= set(page.marks)
    assert "Knight 2021 ran opposite" in page.text
    assert not any("lay report" in mark for mark in page.marks)


def test_wrong_offsets_never_mark_other_words() -> None:
    """A quote is marked where its very words stand, or shown alone; nothing else is ever marked as proof."""
    moved = replace(cite(3, "knight", HIGHER), start=5, end=40)
    answer = replace(CITED, claims=(Claim(HIGHER, (moved,), Stance.OPPOSES),))
    assert show(answer).marks == [HIGHER]
    other = FakeIndex(stored={p.id: replace(p, text="Rewritten since.") for p in PASSAGES.values()})
    page = show(answer, FakeProvider(other))
    assert page.marks == [HIGHER]
    assert "Rewritten since" not in page.text


def test_an_answer_stands_when_the_index_is_gone() -> None:
    """The checked quote is still shown when the passage cannot be fetched any more."""
    page = show(CITED, FakeProvider(None))
    assert HIGHER in page.marks
    assert "Points to worse" in page.text


def test_marks_that_touch_become_one() -> None:
    """Two neighbouring quotes read as one mark; overlapping ones never repeat text."""
    assert marked("ab cd ef", [(0, 2), (3, 5)]) == "<mark>ab cd</mark> ef"
    assert marked("abcdef", [(0, 4), (2, 5)]) == "<mark>abcde</mark>f"
    assert marked("abcdef", [(1, 2), (4, 5)]) == "a<mark>b</mark>cd<mark>e</mark>f"


def test_passages_without_text_say_why() -> None:
    """When no text was written the reason and the passages are shown, with their numbers."""
    text = show(NO_TEXT).text
    assert "No sentence could be tied" in text
    assert f"{PASSAGES['matcham'].text} [2]" in text


def test_declined_says_what_was_searched_and_what_is_nearest_without_citations() -> None:
    """Nearest works are linked by title, never numbered like evidence, and there is no sources panel."""
    page = show(DECLINED)
    assert "“tocilizumab hay fever” in 186 works; 40 passages considered." in page.text
    assert "IL-6 allergy" in page.text
    assert "though not an answer" in page.text
    assert KNIGHT.title in page.text
    assert "https://doi.org/10.1038/s41398-020-01164-y" in page.links
    assert not re.search(r"\[\d+\]", page.text)
    assert not re.search(r"\b\d+ sources?\b", page.text)


def test_an_empty_question_is_shown_as_such() -> None:
    """The turn of an empty message still has a heading, and its answer the words of the answerer."""
    text = show(EMPTY).text
    assert "(empty question)" in text
    assert "Please type a question." in text
    assert "What was searched" not in text


def test_the_crisis_card_comes_first_with_lines_that_can_be_called() -> None:
    """The card is titled by the headline and holds every line: phone, text, page, hours, emergency number."""
    page = show(CRISIS)
    answer = page.text[len(CRISIS.question) :]
    assert answer.startswith("Please talk to someone now.What you wrote sounds very heavy")
    assert {"tel:988", "tel:116123", "tel:911"} <= set(page.links)
    assert "https://988lifeline.org" in page.links
    assert "988lifeline.org" in page.text, "a link says where it leads"
    assert "Text 988" in page.text
    assert "In immediate danger: 999 (NHS 111, mental health option)" in page.text
    assert "Find A Helpline (International)" in page.text
    assert page.text.count("Please talk to someone now.") == 1


def test_many_help_lines_stay_short_but_keep_the_worldwide_one_in_sight() -> None:
    """The first lines and the worldwide one stand open; the others are folded, and none is lost."""
    lines = tuple(replace(LINES[0], country=f"Land {i}", service=f"Line {i}") for i in range(9))
    assert CRISIS.card
    text = show(replace(CRISIS, card=replace(CRISIS.card, lines=(*lines, LINES[2])))).text
    folded = text.index("Lines in 6 other countries")
    assert all(text.index(f"Line {i} ") < folded for i in range(3))
    assert text.index("Find A Helpline") < folded
    assert all(text.index(f"Line {i} ") > folded for i in range(3, 9))
    assert "other countr" not in show(CRISIS).text


def test_cards_come_before_evidence() -> None:
    """An urgent card stands alone; a personal-decision card stands above the evidence it comes with."""
    assert "Call a doctor first." in show(URGENT).text
    text = show(PERSONAL).text
    assert (
        text.index("Please do not stop on your own")
        < text.index("Not shown.")
        < text.index("No clear difference")
    )


def test_a_finished_answer_is_announced_once_in_short() -> None:
    """A screen reader hears the headline, and the whole card where there is one."""
    assert Page(announcement(exchange("q", CITED, FakeProvider()))).text == CITED.headline
    spoken = Page(announcement(exchange("q", CRISIS, FakeProvider()))).text
    assert "A person can, at any hour" in spoken


def test_hostile_texts_stay_text_everywhere() -> None:
    """Whatever a source or a question says, only our own tags and safe links reach the page."""
    answer, provider = hostile()
    markup = transcript([exchange(HOSTILE, answer, provider)])
    page = Page(markup)
    assert page.tags <= TAGS | {"br"}
    assert page.attributes <= ATTRIBUTES
    assert all(re.match(r"#|https?://|tel:", link) for link in page.links)
    assert not any("evil.example" in link or "javascript" in link for link in page.links)
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in unescape(markup)
    assert re.fullmatch(r"\S.*\n\n.*", markup), "a turn is one line, so that Markdown never reads inside it"


def test_words_of_the_answer_are_explained_where_the_wording_brings_it() -> None:
    """Each explained word stands in a list of its own; without any there is no list."""
    explained = replace(
        CITED, glossary=(Term("placebo", "a treatment with no active drug"), Term("<b>", HOSTILE))
    )
    page = show(explained)
    assert "Words explained" in page.text
    assert "placebo: a treatment with no active drug" in page.text
    assert HOSTILE[:100] in page.text
    assert "Words explained" not in show(CITED).text


def test_a_card_tells_what_the_record_declares() -> None:
    """Phase, planned number, funding, interests, licence and notices stand on the card as text; hidden text is told."""
    work = replace(
        KNIGHT,
        phase="2",
        n_planned=120,
        funding="a public fund",
        conflicts=HOSTILE,
        licence="CC BY 4.0",
        notices=("Corrected in 2022.",),
        hidden_text=True,
    )
    page = show(replace(FOLLOW_UP, sources=numbered(work)), FakeProvider(FakeIndex(works={work.id: work})))
    for told in (
        "Phase 2",
        "120 planned",
        "87 participants",
        "Funding: a public fund",
        "Competing interests, as declared: " + HOSTILE[:100],
        "Licence: CC BY 4.0",
        "Notice: Corrected in 2022.",
        "held text that a reader would not see",
    ):
        assert told in page.text, told
    plain = show(FOLLOW_UP).text
    assert "planned" not in plain
    assert "More about this work" not in plain
    same = replace(work, n_planned=87)
    assert "87 planned" not in show(replace(FOLLOW_UP, sources=numbered(same))).text


def test_a_file_of_the_readers_own_is_marked() -> None:
    """A work that the shared collection lacks says on its card that it is the reader's own."""
    shared = FakeProvider(FakeIndex(works={k: v for k, v in FakeIndex().works.items() if k != "knight"}))
    kept = exchange(CITED.question, CITED, FakeProvider(), shared)
    assert kept.own == ["knight"]
    assert Page(turn(kept)).text.count("Your own file") == 1
    assert load(dump([kept]))[0].own == ["knight"]
