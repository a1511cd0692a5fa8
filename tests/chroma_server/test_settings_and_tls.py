"""The address, the token and the certificates: what is taken, what is refused, and where the token goes."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from chroma_process import ChromaProcess, Proxy

from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.place import Place, place_of
from caveat.adapters.chroma_server.setup import server_of
from caveat.errors import ConfigError, ServerFault, ServerUnavailable
from caveat.settings import Settings, load_settings
from caveat.wiring import build_app, own_collections


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("URL", "chroma:8000", "http://"),
        ("URL", "http://", "an address such as"),
        ("URL", "http://chroma:8000/?token=x", "an address such as"),
        ("URL", "http://chroma:notaport", "an address such as"),
        ("URL", "http://me:secret@chroma:8000", "CAVEAT_CHROMA_TOKEN, not in the address"),
        ("NAME", "my collection", "CAVEAT_CHROMA_NAME"),
        ("SECONDS", "0", "CAVEAT_CHROMA_SECONDS"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One plain line names the variable and what it wants; a password in an address is not repeated."""
    monkeypatch.setenv(f"CAVEAT_CHROMA_{name}", value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert says in str(caught.value)
    assert f"CAVEAT_CHROMA_{name}" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_without_an_address_there_is_no_server(tmp_path: Path) -> None:
    """Nothing changes for whoever has no server."""
    assert place_of(Settings()) is None
    assert server_of(Settings()) is None


def test_the_token_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """Neither settings nor places print it; sent unencrypted beyond this machine, that is told."""
    settings = Settings(chroma_url="http://chroma:8000/", chroma_token="a-secret-token")  # type: ignore[arg-type]
    place = place_of(settings)
    assert place is not None
    assert (place.url, place.token, place.host, place.local) == (
        "http://chroma:8000",
        "a-secret-token",
        "chroma:8000",
        False,
    )
    with caplog.at_level(logging.DEBUG):
        server = server_of(settings)
        assert server is not None
        with pytest.raises(ServerUnavailable):
            ChromaServer(Place("http://127.0.0.1:1", token="a-secret-token")).collections()
    assert "sent unencrypted" in caplog.text
    assert "a-secret-token" not in caplog.text + repr(place) + repr(settings) + str(
        settings.model_dump(mode="json")
    )


def test_a_file_that_holds_no_certificates_is_named(tmp_path: Path) -> None:
    """The setting is named, not a traceback."""
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(ConfigError, match="CAVEAT_CHROMA_CA"):
        ChromaServer(Place("https://chroma", ca=str(tmp_path / "ca.pem")))


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine's address, signed by itself, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs the openssl program to make a certificate")
    made, key = tmp_path / "made.pem", tmp_path / "key.pem"
    names = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"]
    keys = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(made)]
    subprocess.run([program, "req", "-x509", *keys, *files, *names], check=True, capture_output=True)
    return made, key


@pytest.fixture
def secure(chroma: ChromaProcess, certificate: tuple[Path, Path]) -> Iterator[Proxy]:
    """A proxy that speaks TLS and asks for a token."""
    proxy = Proxy(chroma.port, certificate)
    proxy.token = "right"
    yield proxy
    proxy.close()


def test_tls_and_token(secure: Proxy, certificate: tuple[Path, Path]) -> None:
    """With the right certificates and token the server answers; each alone is refused with its own reason."""
    ca = str(certificate[0])

    def fault(place: Place) -> ServerFault | None:
        try:
            ChromaServer(place).collections()
        except ServerUnavailable as error:
            return error.fault
        return None

    assert fault(Place(secure.url, "right", ca, seconds=20)) is None
    assert fault(Place(secure.url, "wrong", ca, seconds=20)) is ServerFault.TOKEN
    assert fault(Place(secure.url, None, ca, seconds=20)) is ServerFault.TOKEN
    seen = len(secure.seen)
    assert fault(Place(secure.url, "right", seconds=20)) is ServerFault.CERTIFICATE
    assert len(secure.seen) == seen  # the token was not sent to whoever that was


def test_readers_own_files_stay_out_of_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With a server no files of readers are taken, so that none ever gets there."""
    settings = Settings(home=tmp_path, uploads=True, chroma_url="http://127.0.0.1:1")
    assert own_collections(build_app(settings)) is None
    assert "Readers' own files are not taken" in caplog.text
