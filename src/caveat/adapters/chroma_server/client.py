"""The few requests that are made of a Chroma server, each with a time limit.

Chroma's own client is not used: it sets no time limit, and it loads what a collection's stored configuration names as its
embedding function. Here a configuration is never read, and the one that is sent names no embedding function.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from caveat.adapters.chroma_server.place import Place
from caveat.errors import ServerFault, ServerUnavailable

log = logging.getLogger(__name__)
MOST_BYTES = 128 * 1024 * 1024
"""A longer reply is not read."""
PATIENT_SECONDS = 120.0
"""For builds and copies, which nobody waits for at a page."""
PAGE = 200
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as the server names it; its configuration is left unread."""

    id: str
    name: str
    metadata: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """Records by id."""

    ids: list[str]
    metadatas: list[Mapping[str, Value] | None] | None = None
    embeddings: list[list[float]] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What queries found, one list a query."""

    ids: list[list[str]]
    distances: list[list[float]] | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    max_batch_size: int


_collection, _collections = TypeAdapter(Collection), TypeAdapter(list[Collection])
_got, _found, _limits, _number = TypeAdapter(Got), TypeAdapter(Found), TypeAdapter(_Limits), TypeAdapter(int)


class ChromaServer:
    """Asks one server. Safe to share between threads; every method raises ``ServerUnavailable``."""

    def __init__(self, place: Place) -> None:
        """Raises ``ConfigError`` when the certificates cannot be read."""
        self.place = place
        headers = {"Content-Type": "application/json"}
        if place.token:
            headers |= {"X-Chroma-Token": place.token, "Authorization": f"Bearer {place.token}"}
        for name in ("httpx", "httpcore"):  # they would log every request
            logging.getLogger(name).setLevel(logging.WARNING)
        self._http = httpx.Client(
            headers=headers,
            verify=place.certificates(),
            follow_redirects=False,  # the token goes to the named server and nowhere else
            trust_env=False,
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=20),
        )
        path = f"/api/v2/tenants/{quote(place.tenant, safe='')}/databases/{quote(place.database, safe='')}"
        self._base, self._home = place.url + "/api/v2", place.url + path + "/collections"

    def close(self) -> None:
        """Ends all connections."""
        self._http.close()

    def batch_limit(self) -> int:
        """How many records the server takes in one request."""
        found: _Limits = self._ask("GET", f"{self._base}/pre-flight-checks", _limits)
        return max(1, found.max_batch_size)

    def collections(self) -> list[Collection]:
        """All collections whose name is one of this Caveat's."""
        found: list[Collection] = []
        while True:
            page = self._ask("GET", f"{self._home}?limit={PAGE}&offset={len(found)}", _collections)
            found += page
            if len(page) < PAGE:
                return [c for c in found if c.name.startswith(f"{self.place.name}-")]

    def find(self, name: str, *, seconds: float | None = None) -> Collection:
        """The collection of this name."""
        found: Collection = self._ask(
            "GET", f"{self._home}/{quote(name, safe='')}", _collection, seconds=seconds
        )
        return found

    def create(
        self, name: str, metadata: Mapping[str, Value], hnsw: Mapping[str, Any] | None = None
    ) -> Collection:
        """A new collection; ``TAKEN`` when there is one of this name: of two that try, one alone succeeds."""
        body = {
            "name": name,
            "metadata": metadata,
            "configuration": {"hnsw": hnsw or {}, "embedding_function": None},
            "get_or_create": False,
        }
        made: Collection = self._ask("POST", self._home, _collection, body, seconds=PATIENT_SECONDS)
        return made

    def delete(self, name: str) -> None:
        """Removes a collection; one that is not there is no error."""
        try:
            self._ask("DELETE", f"{self._home}/{quote(name, safe='')}", None, seconds=PATIENT_SECONDS)
        except ServerUnavailable as error:
            if error.fault is not ServerFault.NOT_THERE:
                raise

    def add(
        self,
        ident: str,
        ids: Sequence[str],
        embeddings: Sequence[Sequence[float]],
        metadatas: Sequence[Mapping[str, Value]],
    ) -> None:
        """Adds records; those whose id is there already are left as they are."""
        body = {"ids": ids, "embeddings": embeddings, "metadatas": metadatas}
        self._ask("POST", f"{self._home}/{ident}/add", None, body, seconds=PATIENT_SECONDS)

    def get(
        self, ident: str, ids: Sequence[str], include: Sequence[str], *, seconds: float = PATIENT_SECONDS
    ) -> Got:
        """The records with these ids, as far as there are such."""
        return self._get(ident, {"ids": ids, "include": include}, seconds)

    def matching(
        self, ident: str, where: Mapping[str, object], limit: int, *, seconds: float = PATIENT_SECONDS
    ) -> list[str]:
        """The ids of up to so many records that pass."""
        return self._get(ident, {"where": where, "limit": limit, "include": []}, seconds).ids

    def ids(self, ident: str, limit: int, offset: int) -> list[str]:
        """A page of all ids."""
        return self._get(ident, {"limit": limit, "offset": offset, "include": []}).ids

    def _get(self, ident: str, body: Mapping[str, object], seconds: float = PATIENT_SECONDS) -> Got:
        got: Got = self._ask("POST", f"{self._home}/{ident}/get", _got, body, seconds=seconds)
        return got

    def count(self, ident: str, *, seconds: float | None = None) -> int:
        """How many records a collection holds."""
        found: int = self._ask("GET", f"{self._home}/{ident}/count", _number, seconds=seconds)
        return found

    def query(
        self,
        ident: str,
        vectors: Sequence[Sequence[float]],
        k: int,
        where: Mapping[str, object] | None = None,
        *,
        seconds: float | None = None,
    ) -> Found:
        """The k nearest records of each vector."""
        body: dict[str, object] = {"query_embeddings": vectors, "n_results": k, "include": ["distances"]}
        if where is not None:
            body["where"] = where
        found: Found = self._ask("POST", f"{self._home}/{ident}/query", _found, body, seconds=seconds)
        return found

    def _ask(
        self,
        method: str,
        url: str,
        shape: TypeAdapter[Any] | None,
        body: object = None,
        *,
        seconds: float | None = None,
    ) -> Any:
        limit = seconds or self.place.seconds
        content = None if body is None else json.dumps(body).encode()
        try:
            status, data = self._once_more(method, url, content, limit)
        except httpx.TimeoutException:
            raise self.too_slow(limit) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            log.debug("%s %s: %s", method, url, error)
            untrusted = "CERTIFICATE_VERIFY_FAILED" in str(error)
            raise self._fault(ServerFault.CERTIFICATE if untrusted else ServerFault.UNREACHABLE) from None
        except RuntimeError:  # closed under a thread that was still asking
            if not self._http.is_closed:
                raise
            raise self._fault(ServerFault.UNREACHABLE) from None
        if status >= 300:
            raise self._refusal(status, data)
        if shape is None:
            return None
        try:
            return shape.validate_json(data)
        except ValidationError:
            raise self.of_another_form() from None

    def too_slow(self, seconds: float) -> ServerUnavailable:
        """It did not answer in so many seconds."""
        return self._fault(ServerFault.TIME_LIMIT, f"{seconds:g}")

    def of_another_form(self) -> ServerUnavailable:
        """It answered in a form that is not known."""
        return self._fault(ServerFault.VERSION, "a reply of another form")

    def _once_more(self, method: str, url: str, content: bytes | None, seconds: float) -> tuple[int, bytes]:
        """A kept connection may have been closed at the other end: then another is tried, but nothing is made twice."""
        began = time.monotonic()
        try:
            return self._reply(method, url, content, seconds)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            left = seconds - (time.monotonic() - began)
            if url == self._home or left <= 0:
                raise
            return self._reply(method, url, content, left)

    def _reply(self, method: str, url: str, content: bytes | None, seconds: float) -> tuple[int, bytes]:
        """Status and body. A reply that drips in is cut off at the limit as well."""
        ends, parts, size = time.monotonic() + seconds, [], 0
        with self._http.stream(method, url, content=content, timeout=seconds) as response:
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("the whole reply took too long")
                if size > MOST_BYTES:
                    raise self._fault(ServerFault.FAILED, "a reply that is too long")
            return response.status_code, b"".join(parts)

    def _refusal(self, status: int, data: bytes) -> ServerUnavailable:
        if status in (401, 403, 407):
            return self._fault(ServerFault.TOKEN, str(status))
        if status == 409:
            return self._fault(ServerFault.TAKEN, str(status))
        if status == 404 and _says(data, "NotFoundError"):
            return self._fault(ServerFault.NOT_THERE, str(status))
        if status in (404, 405, 410, 422) or 300 <= status < 400:
            return self._fault(ServerFault.VERSION, f"status {status}")
        return self._fault(ServerFault.FAILED, f"status {status}")

    def _fault(self, fault: ServerFault, detail: str = "") -> ServerUnavailable:
        return ServerUnavailable(
            f"The Chroma server at {self.place.host} {_SAID[fault].format(detail)}.", fault
        )


_SAID = {
    ServerFault.UNREACHABLE: "cannot be reached; see that it runs, and check CAVEAT_CHROMA_URL",
    ServerFault.CERTIFICATE: "has a certificate that is not trusted; check CAVEAT_CHROMA_CA, and this machine's clock",
    ServerFault.TIME_LIMIT: "did not answer within {} seconds",
    ServerFault.TOKEN: "refuses the token (status {}); check CAVEAT_CHROMA_TOKEN",
    ServerFault.VERSION: (
        "speaks another language than Chroma 1.5.9, with which this was tried ({}); check CAVEAT_CHROMA_URL"
    ),
    ServerFault.NOT_THERE: "does not have what is looked for any more; run `python -m ingest publish`",
    ServerFault.TAKEN: "has a collection of that name already (status {})",
    ServerFault.FAILED: "answered with an error ({}); its own log says more",
}


def _says(data: bytes, error: str) -> bool:
    try:
        return bool(json.loads(data)["error"] == error)
    except (ValueError, KeyError, TypeError):
        return False
