"""Every setting, in one place. Each is read from the environment as ``CAVEAT_<NAME>`` (README has the table)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from caveat.errors import ConfigError

PROJECT_ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Settings with their defaults; paths are relative to the project's root unless absolute."""

    model_config = SettingsConfigDict(env_prefix="CAVEAT_", extra="ignore", frozen=True)

    home: Path = Field(
        Path("var"), description="Where generations, the vector cache and fetched records live."
    )
    corpus: Path = Field(Path("corpus"), description="The starter collection.")
    topic: Path = Field(Path("corpus/topic.yaml"), description="The topic file: words, warnings, help lines.")
    embedder: str = Field("minilm", description="`minilm`, or a folder with an ONNX sentence model.")
    threads: int = Field(0, ge=0, le=256, description="Threads for embedding; 0 means one a core.")
    host: str = Field("127.0.0.1", description="Address the chat listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port the chat listens on.")
    country: str = Field("International", description="Country whose help lines are shown first.")
    rerank: bool = Field(True, description="Re-rank the best passages by late interaction.")
    keep_generations: int = Field(3, ge=1, le=100, description="How many generations a build leaves behind.")
    max_question_chars: int = Field(4000, ge=100, le=100_000, description="Longest question that is read.")
    status_max_age_days: int = Field(
        365, ge=1, description="After so many days a status check (retraction and so on) counts as unknown."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="How much is logged; questions are never logged."
    )

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


def load_settings() -> Settings:
    """Settings from the environment; raises ``ConfigError`` naming each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        parts = [f"CAVEAT_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors() if e["loc"]]
        raise ConfigError("Wrong setting: " + "; ".join(parts)) from error
