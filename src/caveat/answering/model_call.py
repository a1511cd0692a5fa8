"""One call of the language model, with its cost; nothing of what it writes is reported before it is complete."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from caveat.answering.events import Progress, Stage
from caveat.domain.ports import ChatModel, Completion, Message
from caveat.errors import ModelFault, ModelUnavailable


@dataclass
class Cost:
    """What the calls for one answer came to."""

    seconds: float = 0.0
    tokens_in: int | None = None
    tokens_out: int | None = None

    def add(self, done: Completion) -> None:
        """One more call."""
        self.seconds = round(self.seconds + done.seconds, 3)
        self.tokens_in = summed(self.tokens_in, done.tokens_in)
        self.tokens_out = summed(self.tokens_out, done.tokens_out)

    def in_words(self) -> str:
        """ "1,200 + 300 tokens, 8.1 s"; only the seconds where the server does not count."""
        if self.tokens_in is None or self.tokens_out is None:
            return f"{self.seconds:.1f} s"
        return f"{self.tokens_in:,} tokens read, {self.tokens_out:,} written, {self.seconds:.1f} s"


@dataclass
class Use:
    """The model's part in one answer: what it cost, and all that was sent to it, in order."""

    chat: ChatModel
    cost: Cost = field(default_factory=Cost)
    sent: list[Message] = field(default_factory=list)

    @property
    def prompt_hash(self) -> str | None:
        """SHA-256 of what was sent; None when nothing was."""
        if not self.sent:
            return None
        text = "\0".join(f"{m.role}\0{m.content}" for m in self.sent)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def complete(
    use: Use,
    said: Sequence[Message],
    schema: Mapping[str, object],
    doing: str,
    *,
    seconds: float | None = None,
) -> Generator[Progress, None, Completion]:
    """The model's completion, with progress that tells how much has come but not what."""
    use.sent.extend(said)
    for event in use.chat.write(said, schema, seconds=seconds):
        if isinstance(event, Completion):
            use.cost.add(event)
            return event
        so_far = f" ({event:,} characters so far)" if event else ""
        yield Progress(
            Stage.DRAFT, f"{use.chat.info.name} {doing}{so_far}; it is shown only after it has been checked"
        )
    raise ModelUnavailable("The language model gave no answer.", ModelFault.UNREADABLE)


def summed(a: int | None, b: int | None) -> int | None:
    """The sum of what is known; None where neither is."""
    return b if a is None else a if b is None else a + b
