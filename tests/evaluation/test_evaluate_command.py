"""The evaluate command: which sets it runs, what it prints, how it ends."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hand_made import cited, claim, declined

from caveat.domain.model import Answer
from caveat.errors import ConfigError, CorpusError
from caveat.evaluation import premise_set
from caveat.evaluation.command import FILES, add_arguments, chosen, run

UNANSWERABLE = {
    "id": "u1",
    "question": "a question only for examiners",
    "history": [],
    "voice": "patient",
    "kind": [],
    "answerable": False,
    "expect_sources": [],
    "facts": [],
    "caveats": [],
    "decline": ["not_in_collection"],
    "notes": "why",
}
ANSWERABLE = UNANSWERABLE | {
    "answerable": True,
    "kind": ["effect"],
    "expect_sources": [["a"]],
    "decline": None,
}


def arguments(*words: str) -> argparse.Namespace:
    """The parsed command line."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def ask(question: str, history: Sequence[str]) -> Answer:
    """Declines everything."""
    return declined()


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A development half that is answered as it should be, and a held-out half that is not."""
    (tmp_path / "golden_dev.jsonl").write_text(json.dumps(UNANSWERABLE), encoding="utf-8")
    (tmp_path / "golden_heldout.jsonl").write_text(json.dumps(ANSWERABLE), encoding="utf-8")
    return tmp_path


def test_the_golden_sets_are_the_default_and_all_means_all() -> None:
    """Names stand once and in the order given."""
    assert chosen([]) == ["golden-dev", "golden-heldout"]
    assert chosen(["all"]) == [*FILES, "premises", "planted", "scifact"]
    assert chosen(["scifact", "golden-dev", "scifact"]) == ["scifact", "golden-dev"]


def test_a_set_that_does_not_exist_is_refused_with_the_choices() -> None:
    """The message lists what there is."""
    with pytest.raises(ConfigError, match=r"no set 'golden'; choose from golden-dev, golden-heldout"):
        chosen(["golden"])


def test_json_goes_to_the_screen_and_to_a_file(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output is one JSON object, and the file holds the same."""
    out = tmp_path / "figures.json"
    args = arguments("--questions", str(questions), "--json", "--out", str(out))
    assert run(args, ask, None) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [s["name"] for s in printed["sets"]] == ["golden-dev", "golden-heldout"]
    assert json.loads(out.read_text(encoding="utf-8")) == printed


def test_held_out_questions_are_shown_only_when_asked_for(
    questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tables and JSON of the held-out half hold figures alone."""
    base = ("golden-heldout", "--questions", str(questions), "--failures")
    for words in (base, (*base, "--json")):
        run(arguments(*words), ask, None)
        text = capsys.readouterr().out
        assert "golden-heldout" in text
        assert "only for examiners" not in text
    run(arguments(*base, "--json", "--show-held-out"), ask, None)
    assert "only for examiners" in capsys.readouterr().out


def test_the_gate_fails_on_a_missed_target_only(questions: Path) -> None:
    """Declining everything passes where nothing is answerable and fails where something is."""
    dev = arguments("golden-dev", "--questions", str(questions), "--gate")
    held = arguments("golden-heldout", "--questions", str(questions), "--gate")
    assert run(dev, ask, None) == 0
    assert run(held, ask, None) == 1
    assert run(arguments("golden-heldout", "--questions", str(questions)), ask, None) == 0


def test_scifact_is_skipped_with_the_reason_when_its_folder_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No index is built and the command succeeds."""
    missing = tmp_path / "nowhere"
    assert run(arguments("scifact", "--scifact", str(missing), "--json"), ask, None) == 0
    skipped = json.loads(capsys.readouterr().out)["scifact"]["skipped"]
    assert str(missing) in skipped
    assert "corpus.jsonl.gz" in skipped


def test_false_premises_are_scored_by_headline_and_first_work(tmp_path: Path) -> None:
    """The correction must stand early and be shown by the named work; a broken line is named."""
    premise = premise_set.Premise("p", "Since it is approved?", "not so", "a")
    good = cited(claim("Depression fell by 53.9% on the drug."), headline="Not so: it is not.")
    assert premise_set.corrected(premise, good).value == 1
    assert premise_set.corrected(replace(premise, source="b"), good).value == 0
    assert premise_set.corrected(replace(premise, must_correct="never"), good).value == 0
    assert premise_set.corrected(premise, declined()).value == 0
    file = tmp_path / "premises.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"premises\.jsonl:1"):
        premise_set.load(file)
