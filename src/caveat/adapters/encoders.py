"""The embedding model that the settings name: built in, in a folder, or on a server."""

from __future__ import annotations

from caveat.adapters.minilm import OnnxEncoder, load_encoder
from caveat.adapters.openai_embedder import OpenAIEncoder
from caveat.adapters.openai_server import server_of
from caveat.errors import EmbedderUnavailable
from caveat.settings import Settings

ON_A_SERVER = "openai"


def encoder_of(settings: Settings) -> OnnxEncoder | OpenAIEncoder:
    """The encoder; raises ``EmbedderUnavailable`` with one line that says what to do."""
    if settings.embedder != ON_A_SERVER:
        downloads = settings.home_dir / "models"
        return load_encoder(settings.embedder, threads=settings.threads, download_dir=downloads)
    server = server_of(settings)
    if server is None:
        raise EmbedderUnavailable(
            "CAVEAT_EMBEDDER=openai needs OPENAI_API_KEY, or OPENAI_BASE_URL of a compatible server."
        )
    if settings.embedding_model is None:
        raise EmbedderUnavailable(
            f"CAVEAT_EMBEDDER=openai needs CAVEAT_EMBEDDING_MODEL, the name of one that {server.host} has."
        )
    return OpenAIEncoder(server, settings.embedding_model, requests=settings.embedding_requests)
