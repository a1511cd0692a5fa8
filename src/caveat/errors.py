"""Every error Caveat raises on purpose. Each message is one plain line that is safe to show and says what to do."""

from __future__ import annotations

from enum import StrEnum


class CaveatError(Exception):
    """Base of all: ``str(error)`` is meant for the user and holds no secret and no question text."""


class ConfigError(CaveatError):
    """A setting, or the topic file, is wrong."""


class CorpusError(CaveatError):
    """A document could not be read; names file and, where known, line."""

    def __init__(self, message: str, *, path: str | None = None, line: int | None = None) -> None:
        where = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        self.reason = " ".join(message.split())  # a library's words may bring line ends
        super().__init__(where + self.reason)
        self.path = path
        self.line = line


class IndexMissing(CaveatError):
    """There is no index to answer from."""


class IndexMismatch(CaveatError):
    """The index was made by another embedding model or schema than the settings name."""


class IndexCorrupt(CaveatError):
    """The index failed its own check."""


class BuildLocked(CaveatError):
    """Another build is running; says which process holds the lock."""


class BuildFailed(CaveatError):
    """A build stopped; the generation that was serving still serves."""


class EmbedderUnavailable(CaveatError):
    """The embedding model cannot be loaded or called."""


class ModelFault(StrEnum):
    """Why a language model gave nothing that can be used."""

    UNREACHABLE = "unreachable"
    TIME_LIMIT = "time_limit"
    KEY_REFUSED = "key_refused"
    TOO_MANY_REQUESTS = "too_many_requests"
    NO_SUCH_MODEL = "no_such_model"
    TOO_LONG = "too_long"
    SERVER = "server"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


class ModelUnavailable(CaveatError):
    """The language model gave nothing that can be used; ``fault`` says why, in one word for logs and tests."""

    def __init__(self, message: str, fault: ModelFault) -> None:
        super().__init__(message)
        self.fault = fault


class ServerFault(StrEnum):
    """Why a Chroma server gave nothing that can be used."""

    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TIME_LIMIT = "time_limit"
    TOKEN = "token"  # noqa: S105 (the name of a fault)
    VERSION = "version"
    NOT_THERE = "not_there"
    TAKEN = "taken"
    DAMAGED = "damaged"
    FAILED = "failed"


class ServerUnavailable(CaveatError):
    """A Chroma server gave nothing that can be used; ``fault`` says why, in one word for programs and tests."""

    def __init__(self, message: str, fault: ServerFault) -> None:
        super().__init__(message)
        self.fault = fault


class SearchUnavailable(CaveatError):
    """One of the two searches cannot be run; the other may still answer."""


class SourceUnavailable(CaveatError):
    """A live literature source cannot be reached, or its answers cannot be read."""


class RequestRefused(SourceUnavailable):
    """A live source understood a request and said no (``code``, where it gave one); asking again does not help."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class UnreadableAnswer(CaveatError):
    """A stored answer is not one that this version wrote."""


class TooManyQuestions(CaveatError):
    """One person asks faster than the operator allows."""


class UploadRefused(CaveatError):
    """A reader's own file, or what they want done with it, is not taken; says why and what to do."""
