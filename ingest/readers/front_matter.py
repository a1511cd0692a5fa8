"""The YAML head of a Markdown file, with the line of every field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from caveat.errors import CorpusError

_FENCE = re.compile(r"---[^\S\n]*")
MAX_HEAD = 200_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Facts as written, the line each stands on, and the text below with its first line."""

    facts: dict[str, object]
    lines: dict[str, int]
    body: str
    body_line: int


class _Loader(yaml.SafeLoader):
    """YAML whose scalars are text, true, false or nothing: each field says itself what it takes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "'*' names are not read", event.start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:[tT]rue|[fF]alse)$"), list("tTfF"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|[nN]ull|)$"), ["~", "n", "N", ""])


def front_matter(text: str, path: str) -> FrontMatter:
    """Parts a file at its ``---`` lines; raises ``CorpusError`` naming the line that is wrong."""
    rows = text.split("\n")
    if not _FENCE.fullmatch(rows[0]):
        return FrontMatter({}, {}, text, 1)
    end = next((i for i, row in enumerate(rows[1:], 1) if _FENCE.fullmatch(row)), None)
    if end is None:
        raise CorpusError("the front matter is not closed by a line '---'", path=path, line=1)
    head = "\n".join(rows[1:end])
    if len(head) > MAX_HEAD:
        raise CorpusError("the front matter is too long", path=path, line=1)
    loader = _Loader(head)
    try:
        node = loader.get_single_node()
        facts, lines = _fields(loader, node, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line, end - 2) + 2 if mark else 1
        raise CorpusError(f"the front matter is not YAML: {error.problem}", path=path, line=line) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise CorpusError("the front matter is not YAML", path=path, line=1) from error
    finally:
        loader.dispose()
    return FrontMatter(facts, lines, "\n".join(rows[end + 1 :]), end + 2)


def _fields(loader: _Loader, node: Any, path: str) -> tuple[dict[str, object], dict[str, int]]:
    facts: dict[str, object] = {}
    lines: dict[str, int] = {}
    if node is None:
        return facts, lines
    if not isinstance(node, yaml.MappingNode):
        raise CorpusError("the front matter is not made of 'name: value' lines", path=path, line=2)
    for key, value in node.value:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode):
            raise CorpusError("a field's name is not text", path=path, line=line)
        if key.value in facts:
            raise CorpusError(f"the field {key.value!r} stands twice", path=path, line=line)
        facts[key.value] = loader.construct_object(value, deep=True)
        lines[key.value] = line
    return facts, lines
