"""The part of the collection page where readers add files of their own, see them and remove them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from caveat.domain.personal import BuildStep, OwnFile
from caveat.ui import words
from caveat.ui.failures import plain_line
from caveat.ui.limits import Limiter
from caveat.ui.markup import Html, el, join
from caveat.ui.own import OwnCollections
from caveat.ui.parts import PRIVATE, markup
from caveat.ui.person import person

KEY = "caveat-own-1"
SHOWN_PROBLEMS = 10


class OwnArea:
    """Holds nothing about a reader: the key to their files is in their browser."""

    def __init__(self, shelf: OwnCollections, limiter: Limiter, *, trust_proxy: bool = False) -> None:
        self.shelf = shelf
        self.limiter = limiter
        self.trust_proxy = trust_proxy

    def components(self) -> None:
        """Lays the area out."""
        markup(_heading(self.shelf), "cv-own-heading")
        with gr.Row(elem_id="cv-own"):
            self.add = gr.UploadButton(
                "Add files",
                file_count="multiple",
                file_types=list(self.shelf.suffixes),
                size="sm",
                scale=0,
                min_width=140,
                elem_id="cv-own-add",
            )
        self.told = markup("", "cv-own-told")
        self.files = gr.CheckboxGroup([], label="Your files", visible=False, elem_id="cv-own-files")
        with gr.Row(visible=False, elem_id="cv-own-actions") as self.actions:
            self.remove = gr.Button("Remove the ticked files", size="sm", scale=0, min_width=180)
            self.remove_all = gr.Button("Remove all my files", size="sm", scale=0, min_width=180)
            self.again = gr.Button("Index them again", size="sm", scale=0, min_width=180)

    def events(self, tab: gr.Tab, key: Any) -> None:
        """Adding and removing make the index anew, with its steps shown."""
        shown = [self.told, self.files, self.actions]
        options: dict[str, Any] = {
            **PRIVATE, "trigger_mode": "once", "concurrency_limit": 4, "concurrency_id": "own",
        }  # fmt: skip
        tab.select(self._list, inputs=[key], outputs=shown, **PRIVATE)
        self.add.upload(self._add, inputs=[self.add, key], outputs=[key, self.add, *shown], **options)
        self.remove.click(self._remove, inputs=[key, self.files], outputs=[key, *shown], **options)
        self.remove_all.click(self._remove_all, inputs=[key], outputs=[key, *shown], **options)
        self.again.click(self._again, inputs=[key], outputs=shown, **options)

    def _list(self, key: object) -> list[Any]:
        return self._shown(key, "")

    def _add(self, given: list[str] | None, key: object, request: gr.Request) -> Iterator[list[Any]]:
        """Takes in the files and deletes the web server's copies, whatever comes of it."""
        paths = [Path(p) for p in given or []]
        try:
            self.limiter.check(person(request, trust_proxy=self.trust_proxy))
            key = self.shelf.add(key, [(p, p.name) for p in paths])
        except Exception as error:
            yield [gr.skip(), None, *self._shown(key, _trouble(plain_line(error)))]
            return
        finally:
            for path in paths:
                path.unlink(missing_ok=True)
        for view in self._building(key):
            yield [key, None, *view]

    def _remove(self, key: object, ids: Sequence[str] | None) -> Iterator[list[Any]]:
        if not ids:
            yield [gr.skip(), *self._shown(key, _trouble("Tick the files to remove."))]
            return
        try:
            left = self.shelf.remove(key, ids)
        except Exception as error:
            yield [gr.skip(), *self._shown(key, _trouble(plain_line(error)))]
            return
        if not left:
            yield [None, *self._shown(None, el("p", "All your files are removed."))]
            return
        for view in self._building(key):
            yield [gr.skip(), *view]

    def _remove_all(self, key: object) -> Iterator[list[Any]]:
        yield from self._remove(key, [file.id for file in self.shelf.files(key)] or ["none"])

    def _again(self, key: object) -> Iterator[list[Any]]:
        yield from self._building(key)

    def _building(self, key: object) -> Iterator[list[Any]]:
        """The steps, then what is searched now; a failure is told and the files stay."""
        problems: list[str] = []
        try:
            last = ""
            for step in self.shelf.build(key):
                if step.problem:
                    problems.append(step.text)
                    continue
                line = _step(step)
                if line != last:
                    last = line
                    yield self._shown(key, line, busy=True)
            done = el("p", "Done. Your questions are answered from the collection and your files.")
        except Exception as error:
            done = _trouble(plain_line(error))
        yield self._shown(key, join([done, _problems(problems)]))

    def _shown(self, key: object, told: Html | str, *, busy: bool = False) -> list[Any]:
        files = self.shelf.files(key)
        return [
            told,
            gr.CheckboxGroup(
                choices=[(_label(f), f.id) for f in files],
                value=[],
                visible=bool(files),
                interactive=not busy,
            ),
            gr.Row(visible=bool(files) and not busy),
        ]


def own_line(shelf: OwnCollections, key: object) -> Html:
    """One line for the first screen when this reader's own files are searched too; else nothing."""
    files = shelf.files(key)
    if not files or shelf.own(key) is None:
        return Html("")
    return el(
        "p", el("strong", f"And {words.count(len(files), 'file', 'files')} of your own."), cls="cv-currency"
    )


def _label(file: OwnFile) -> str:
    size = f"{file.size / 1_000_000:.1f} MB" if file.size >= 100_000 else f"{max(1, file.size // 1000)} kB"
    return f"{file.name} ({size})"


def _step(step: BuildStep) -> Html:
    share = f" {round(step.share * 100)} %" if step.share is not None else ""
    return el("p", f"{step.text} …{share}", cls="cv-own-step")


def _trouble(line: str) -> Html:
    return el("p", line, cls="cv-error")


def _problems(problems: Sequence[str]) -> Html | None:
    if not problems:
        return None
    more = len(problems) - SHOWN_PROBLEMS
    return join(
        [
            el("p", el("strong", "Not indexed:")),
            el("ul", [el("li", el("bdi", problem)) for problem in problems[:SHOWN_PROBLEMS]]),
            el("p", f"And {more:,} more.") if more > 0 else None,
        ]
    )


def _heading(shelf: OwnCollections) -> Html:
    limits = shelf.limits
    return join(
        [
            el("h2", "Files of your own", cls="cv-tab-heading"),
            el(
                "p",
                "Articles you add are searched for you alone, besides the collection. They are kept on this server; "
                "this browser holds the only key. Please add no health records and nothing about other people.",
                cls="cv-tab-lead",
            ),
            el(
                "p",
                f"At most {limits.files} files of {limits.file_mb} MB: {', '.join(shelf.suffixes)}. "
                f"They are removed when you remove them, or after {limits.unused_days} days without use.",
            ),
        ]
    )
