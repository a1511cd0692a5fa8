"""Every setting, in one place. Each is read from the environment as ``CAVEAT_<NAME>`` (README has the table).

The two that every tool for such servers shares keep their names: ``OPENAI_API_KEY`` and ``OPENAI_BASE_URL``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from caveat.errors import ConfigError

PROJECT_ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Settings with their defaults; paths are relative to the project's root unless absolute."""

    model_config = SettingsConfigDict(
        env_prefix="CAVEAT_", extra="ignore", frozen=True, env_ignore_empty=True, populate_by_name=True
    )

    home: Path = Field(
        Path("var"), description="Where generations, the vector cache and fetched records live."
    )
    corpus: Path = Field(Path("corpus"), description="The starter collection.")
    topic: Path = Field(Path("corpus/topic.yaml"), description="The topic file: words, warnings, help lines.")
    embedder: str = Field(
        "minilm", description="`minilm`, `openai`, or a folder with an ONNX sentence model."
    )
    embedding_model: str | None = Field(
        None, max_length=200, description="With `openai`: the embedding model of that server."
    )
    embedding_requests: int = Field(
        4, ge=1, le=64, description="With `openai`: requests a build sends at one time."
    )
    threads: int = Field(0, ge=0, le=256, description="Threads for embedding; 0 means one a core.")
    host: str = Field("127.0.0.1", description="Address the chat listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port the chat listens on.")
    country: str = Field("International", description="Country whose help lines are shown first.")
    rerank: bool = Field(True, description="Re-rank the best passages by late interaction.")
    keep_generations: int = Field(3, ge=1, le=100, description="How many generations a build leaves behind.")
    max_file_mb: int = Field(
        1000, ge=1, le=100_000, description="Largest file that is read, after unpacking."
    )
    document_seconds: int = Field(
        120, ge=1, le=3600, description="Longest time for reading one PDF, Word file or web page."
    )
    document_memory_mb: int = Field(
        1500, ge=300, le=64_000, description="Most memory for reading one PDF, Word file or web page."
    )
    max_question_chars: int = Field(4000, ge=100, le=100_000, description="Longest question that is read.")
    status_max_age_days: int = Field(
        365, ge=1, description="After so many days a status check (retraction and so on) counts as unknown."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="How much is logged; questions are never logged."
    )

    contact: str | None = Field(
        None, max_length=200, description="Mail address that is sent to live sources, as they ask for."
    )
    ncbi_key: SecretStr | None = Field(
        None, description="Key for PubMed; without one it is asked less often."
    )
    pubmed_url: str = Field(
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils", description="Address of PubMed's E-utilities."
    )
    europepmc_url: str = Field(
        "https://www.ebi.ac.uk/europepmc/webservices/rest", description="Address of Europe PMC's API."
    )
    clinicaltrials_url: str = Field(
        "https://clinicaltrials.gov/api/v2", description="Address of ClinicalTrials.gov's API, version 2."
    )
    crossref_url: str = Field("https://api.crossref.org", description="Address of Crossref's API.")
    log_format: Literal["text", "json"] = Field("text", description="Log lines for people, or as JSON.")
    login_file: Path | None = Field(None, description="Who may log in; unset means no login.")
    per_minute: int = Field(
        0, ge=0, le=100_000, description="Questions one person may ask a minute; 0 is any."
    )
    trust_proxy: bool = Field(
        False, description="Believe the X-Forwarded-For header of a proxy of one's own."
    )
    root_path: str = Field(
        "", max_length=200, description="Path under which a reverse proxy serves the page."
    )
    uploads: bool = Field(False, description="Let each reader add files of their own, for themselves alone.")
    upload_mb: int = Field(20, ge=1, le=500, description="Largest file a reader may add.")
    upload_files: int = Field(20, ge=1, le=500, description="How many files one reader may keep.")
    upload_people: int = Field(
        50, ge=1, le=10_000, description="How many readers may keep files at one time."
    )
    upload_days: int = Field(
        30, ge=1, le=3650, description="Files that nobody used for so many days are removed."
    )
    read_only: bool = Field(False, description="Write nothing but the log: no files of readers.")

    chroma_url: str | None = Field(
        None,
        max_length=500,
        description="Address of a Chroma server that holds the vectors for all replicas.",
    )
    chroma_token: SecretStr | None = Field(None, description="Token that the server, or a proxy, asks for.")
    chroma_ca: Path | None = Field(None, description="Certificates to trust for https, instead of the usual.")
    chroma_name: str = Field(
        "caveat",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$",
        description="What the names of this collection's parts on the server begin with.",
    )
    chroma_tenant: str = Field("default_tenant", min_length=1, max_length=100, description="Tenant there.")
    chroma_database: str = Field(
        "default_database", min_length=1, max_length=100, description="Database there."
    )
    chroma_seconds: float = Field(
        3.0, ge=0.1, le=60, description="Longest wait for the server before a question is answered by words."
    )

    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="Key of the language model's server."
    )
    openai_base_url: str | None = Field(
        None, validation_alias="OPENAI_BASE_URL", description="Address of an OpenAI-compatible server."
    )
    model: str | None = Field(None, max_length=200, description="The language model that may write drafts.")
    model_consent: Literal["ask", "given"] = Field(
        "ask", description="Whether each reader is asked before anything is sent to the model."
    )
    model_seconds: float = Field(90.0, ge=1, le=3600, description="Longest time one model call may take.")
    model_tokens: int = Field(1500, ge=64, le=100_000, description="Longest draft, in tokens.")
    model_judge: bool = Field(
        False, description="Ask the model for a second opinion that can only remove sentences."
    )

    @field_validator("openai_base_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.strip().lower().startswith(("http://", "https://")):
            raise ValueError("give an address that starts with http:// or https://")
        return value.strip().rstrip("/") if value else None

    @field_validator("chroma_url")
    @classmethod
    def _server(cls, value: str | None) -> str | None:
        value = cls._address(value)
        try:
            parts = urlsplit(value or "http://none")
            sound = bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
        except ValueError:
            sound = False
        if not sound:
            raise ValueError("give an address such as http://chroma:8000")
        if "@" in parts.netloc:
            raise ValueError("give the token as CAVEAT_CHROMA_TOKEN, not in the address")
        return value

    def path(self, value: Path) -> Path:
        """The setting's path, made absolute from the project's root."""
        return value if value.is_absolute() else PROJECT_ROOT / value

    @property
    def home_dir(self) -> Path:
        """Absolute ``home``."""
        return self.path(self.home)

    @property
    def corpus_dir(self) -> Path:
        """Absolute ``corpus``."""
        return self.path(self.corpus)

    @property
    def topic_file(self) -> Path:
        """Absolute ``topic``."""
        return self.path(self.topic)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    field = Settings.model_fields.get(name)
    if field is None:  # pydantic names an aliased setting by its alias
        return name if name.startswith("OPENAI_") else f"CAVEAT_{name.upper()}"
    return str(field.validation_alias or f"CAVEAT_{name.upper()}")


def load_settings() -> Settings:
    """Settings from the environment; raises ``ConfigError`` naming each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        parts = [f"{variable(str(e['loc'][0]))}: {e['msg']}" for e in error.errors() if e["loc"]]
        raise ConfigError("Wrong setting: " + "; ".join(parts)) from error
