"""A server that speaks OpenAI's interface: who it is, a client for it, and what its failures mean in plain words."""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from caveat.errors import ConfigError, ModelFault, ModelUnavailable
from caveat.settings import Settings

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

log = logging.getLogger(__name__)
OFFICIAL = "https://api.openai.com/v1"
CONNECT_SECONDS = 5.0
NO_KEY = "no-key-needed"
_TALKATIVE = ("openai", "httpx2", "httpcore2", "httpx", "httpcore")


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and with which key; the key never appears in ``repr``, logs or messages."""

    base_url: str = OFFICIAL
    key: str = field(default=NO_KEY, repr=False)

    @property
    def host(self) -> str:
        """Host and port, without any name or password that the address may carry."""
        parts = _split(self.base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def local(self) -> bool:
        """True when the address is this machine's own."""
        name = _split(self.base_url).hostname or ""
        if name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    @property
    def official(self) -> bool:
        """True for OpenAI's own service."""
        return self.host == _split(OFFICIAL).hostname

    def models(self) -> list[str]:
        """The names of the models it offers; none when it does not tell."""
        try:
            return sorted(str(m.id) for m in self.client(seconds=CONNECT_SECONDS, retries=0).models.list())
        except Exception as error:
            log.debug("listing models failed (%s)", type(error).__name__)
            return []

    def client(self, *, seconds: float, retries: int) -> OpenAI:
        """A client that follows no redirect, so that nothing goes to another host than the one the reader was told.

        For this machine's own address no proxy is used either.
        """
        import openai

        for name in _TALKATIVE:  # at level debug they would log what is sent
            logging.getLogger(name).setLevel(logging.WARNING)
        return openai.OpenAI(
            api_key=self.key,
            base_url=self.base_url,
            max_retries=retries,
            timeout=wait(seconds),
            http_client=openai.DefaultHttpxClient(follow_redirects=False, trust_env=not self.local),
        )


def wait(seconds: float) -> httpx2.Timeout:
    """So long for an answer, and a short while for the connection: a host that is not there is told at once."""
    import httpx2

    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def _split(address: str) -> SplitAddress:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise ConfigError("OPENAI_BASE_URL is no address; write it like http://127.0.0.1:11434/v1.")
    return SplitAddress(host, port)


def server_of(settings: Settings) -> Server | None:
    """The server that the settings name; None when they name neither a key nor an address."""
    if settings.openai_api_key is None and settings.openai_base_url is None:
        return None
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else NO_KEY
    return Server(settings.openai_base_url or OFFICIAL, key)


@dataclass(frozen=True, slots=True)
class SplitAddress:
    """The parts of an address that may be shown."""

    hostname: str
    port: int | None


def fault_of(error: Exception, server: Server, seconds: float) -> ModelUnavailable:
    """What went wrong, in one line that holds nothing of what was sent or received."""
    import httpx2
    import openai

    where = f"The language model at {server.host}"
    late = (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError)
    if isinstance(error, ModelUnavailable):
        return error
    if isinstance(error, late):
        return ModelUnavailable(f"{where} did not answer within {seconds:g} seconds.", ModelFault.TIME_LIMIT)
    if isinstance(error, openai.APIConnectionError):
        return ModelUnavailable(f"{where} cannot be reached.", ModelFault.UNREACHABLE)
    if isinstance(error, openai.APIStatusError):
        return _by_status(error.status_code, where)
    if isinstance(error, openai.APIError):
        return ModelUnavailable(f"{where} reported an error.", ModelFault.SERVER)
    if isinstance(error, httpx2.HTTPError):
        return ModelUnavailable(f"{where} broke off in the middle.", ModelFault.CUT_OFF)
    return ModelUnavailable(f"{where} sent something unreadable.", ModelFault.UNREADABLE)


def _by_status(status: int, where: str) -> ModelUnavailable:
    if status in {401, 403}:
        return ModelUnavailable(f"{where} refused the key; check OPENAI_API_KEY.", ModelFault.KEY_REFUSED)
    if status == 404:
        return ModelUnavailable(
            f"{where} has no such model or address; check CAVEAT_MODEL and OPENAI_BASE_URL.",
            ModelFault.NO_SUCH_MODEL,
        )
    if status == 429:
        return ModelUnavailable(
            f"{where} takes no more requests for now (or its credit is used up).",
            ModelFault.TOO_MANY_REQUESTS,
        )
    if status == 413:
        return ModelUnavailable(f"{where} found the passages too long.", ModelFault.TOO_LONG)
    return ModelUnavailable(f"{where} reported an error ({status}).", ModelFault.SERVER)
