"""The topic file: what is read from it, and how each mistake in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from caveat.adapters.topic_file import load_topic
from caveat.errors import ConfigError

TOPIC = """\
name: Tea and sleep
short: tea
main_drug: tea
main_outcome: sleep
entities:
  - {id: hot, group: drug_class, label: hot drinks, words: [hot drink]}
  - {id: tea, group: drug, label: tea, parent: hot, words: [tea, chai]}
  - {id: sleep, group: outcome, label: sleep, worse_when: lower, words: [sleep]}
approval: {text: "Sold without one.", source_ids: [label], checked_on: 2026-11-23}
label_warnings: {text: "Hot.", source_ids: [label]}
help_lines:
  - {country: Nowhere, service: Line, phone: "1"}
examples:
  - {reader: Patient, question: "Does tea help sleep?"}
"""


def write(folder: Path, text: str | bytes) -> Path:
    """A topic file of this text."""
    path = folder / "topic.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_topic_is_read(tmp_path: Path) -> None:
    """Entities, statements, lines and examples; a date comes as its ISO text."""
    topic = load_topic(write(tmp_path, TOPIC))
    assert (topic.main_drug, topic.main_outcome) == ("tea", "sleep")
    assert topic.entity_ids("Does chai help me sleep?") == {"tea", "sleep"}
    assert topic.family("hot") == {"hot", "tea"}
    assert topic.approval.checked_on == "2026-11-23"
    assert topic.label_warnings.checked_on is None
    assert [line.service for line in topic.help_lines] == ["Line"]
    assert [e.question for e in topic.examples] == ["Does tea help sleep?"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "keys and values: name, short"),
        ("- a\n- b\n", "keys and values: name, short"),
        ("name: tea\nentities: [unclosed\n", "topic.yaml:3: not YAML"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (TOPIC.replace("name: Tea and sleep\n", ""), "name: Field required"),
        (TOPIC + "flavour: mint\n", "flavour: Extra inputs are not permitted"),
        (TOPIC.replace("group: drug,", "group: drink,"), "entities: tea: group: Input should be 'drug'"),
        (TOPIC.replace("worse_when: lower", "worse_when: never"), "entities: sleep: worse_when"),
        (TOPIC.replace("parent: hot", "parent: cold"), "entity tea: parent cold is not an entity"),
        (TOPIC.replace("main_drug: tea", "main_drug: coffee"), "main_drug: coffee is not an entity"),
        (TOPIC.replace("main_outcome: sleep", "main_outcome: rest"), "main_outcome: rest is not an entity"),
        (
            TOPIC.replace("id: hot,", "id: sleep,").replace("parent: hot", "parent: sleep"),
            "named twice: sleep",
        ),
        (TOPIC.replace("2026-11-23", "yesterday"), "approval: checked_on"),
        (TOPIC.replace("service: Line, ", ""), "help_lines: item 1: service: Field required"),
    ],
)
def test_every_mistake_is_named_with_its_place(tmp_path: Path, text: str | bytes, says: str) -> None:
    """One line with the file, the place and what is wrong there."""
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_topic(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert says in message
    assert "\n" not in message


def test_a_missing_file_names_the_setting(tmp_path: Path) -> None:
    """Whoever set it knows what to change; a folder is no topic file."""
    with pytest.raises(ConfigError, match="CAVEAT_TOPIC"):
        load_topic(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_topic(tmp_path)


def test_a_topic_file_runs_no_code(tmp_path: Path) -> None:
    """Tags that would build objects are refused."""
    with pytest.raises(ConfigError, match="not YAML"):
        load_topic(write(tmp_path, "name: !!python/object/apply:os.getcwd []\n"))
