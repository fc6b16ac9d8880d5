"""The process for heavy work with torch: compiles an embedder; one JSON request on stdin, one JSON reply on stdout.

Torch, transformers and sentence-transformers are imported here alone, inside functions; the engine never loads them.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from studiolo_models.embedding import CARD, MODEL_XML, TOKENIZER
from studiolo_models.errors import ModelDamaged, ModelError, ModelUnsupported, TrainingExtraMissing
from studiolo_models.openvino_runtime import import_openvino

_AGREEMENT = 0.999
_MAX_TOKENS = 8192
_CHECK_TEXTS = (
    "Unused leave of up to ten days may be carried over.",
    "§ 14 Abs. 2 Satz 1: Die Kündigungsfrist beträgt drei Monate.",
    "INV-2024-0117",
    "年假最多可以结转十天。",
    "Emoji 🙂 and ümläuts",
    "",
    "The sensor kit warns the driver before a collision. " * 120,
)


def main() -> int:
    """Serve one request; gives the exit code."""
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})
    kept = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    try:
        request = json.loads(sys.stdin.buffer.readline())
        if request.get("op") != "compile_embedder":
            raise ModelUnsupported(f"the worker knows no {request.get('op')}")
        reply = compile_folder(Path(request["source"]), Path(request["target"]))
    except ModelError as error:
        reply = {"error": error.code, "detail": str(error)}
    kept.write(json.dumps(reply).encode() + b"\n")
    return 0


def compile_folder(source: Path, target: Path) -> dict[str, Any]:  # Any: a JSON document
    """Turn a sentence-transformers folder into a compiled one, and check that both agree.

    Raises:
        TrainingExtraMissing: If torch is not installed.
        ModelDamaged: If the folder is not whole, or holds weights that are no safetensors (S4).
        ModelUnsupported: If the compiled model does not agree with the folder's own vectors.
    """
    _check_folder(source)
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise TrainingExtraMissing(str(error)) from error
    try:
        model = SentenceTransformer(str(source), device="cpu", local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
        raise ModelDamaged(f"{source.name}: {str(error).splitlines()[0][:200]}") from error
    model.eval()
    tokenizer = model.tokenizer
    max_tokens = min(int(model.max_seq_length or tokenizer.model_max_length), _MAX_TOKENS)
    # A sentence that is no longer than the others is padded, so that tracing sees the mask at work.
    sample = dict(
        tokenizer(["one short text", "a text of some more words than that"], padding=True, return_tensors="pt")
    )
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in sample]

    class Traced(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
        """The whole pipeline of modules, from token ids to vectors."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = model

        def forward(self, *tensors: Any) -> Any:  # Any: torch is untyped here
            features = dict(zip(names, tensors, strict=True))
            for module in self.inner:
                features = module(features)
            return features["sentence_embedding"]

    openvino = import_openvino()
    with torch.no_grad():
        converted = openvino.convert_model(Traced(), example_input=tuple(sample[name] for name in names))
    for port in converted.inputs:
        port.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
    converted.validate_nodes_and_infer_types()
    target.mkdir(parents=True, mode=0o700)
    openvino.save_model(converted, str(target / MODEL_XML), compress_to_fp16=False)
    _save_tokenizer(tokenizer, target)
    card = _card(model, source, names, max_tokens)
    (target / CARD).write_text(json.dumps(card, indent=1))
    agreement = _agreement(model, target)
    if agreement < _AGREEMENT:
        raise ModelUnsupported(f"{source.name}: compiled vectors agree to {agreement:.4f} only")
    return {"identity": card["identity"], "agreement": agreement}


def _check_folder(source: Path) -> None:
    if not (source / "modules.json").is_file() or not (source / "config.json").is_file():
        raise ModelDamaged(f"{source.name} is no sentence-transformers folder (modules.json, config.json)")
    if not list(source.rglob("*.safetensors")):
        raise ModelDamaged(f"{source.name} has no safetensors weights; pickled weights are never loaded")


def _save_tokenizer(tokenizer: Any, target: Path) -> None:  # Any: transformers is untyped here
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelUnsupported("the model has no fast tokenizer")
    backend.save(str(target / TOKENIZER))


def _card(model: Any, source: Path, names: list[str], max_tokens: int) -> dict[str, Any]:  # Any: untyped; JSON
    prompts = dict(model.prompts or {})
    default = prompts.get(model.default_prompt_name or "", "")
    card: dict[str, Any] = {
        "dimension": int(model.get_embedding_dimension()),
        "max_tokens": max_tokens,
        "query_prompt": prompts.get("query") or default,
        "document_prompt": prompts.get("document") or prompts.get("passage") or default,
        "inputs": names,
    }
    digest = hashlib.sha256(json.dumps(card, sort_keys=True).encode())
    for path in sorted(p for p in source.rglob("*") if p.suffix in (".safetensors", ".json", ".txt", ".model")):
        digest.update(path.relative_to(source).as_posix().encode() + b"\0" + path.read_bytes())
    return {"identity": digest.hexdigest()[:32], **card}


def _agreement(model: Any, target: Path) -> float:  # Any: sentence-transformers is untyped
    """Give the lowest cosine of our vectors with the folder's own (R23)."""
    import numpy as np

    from studiolo_models.embedding import CompiledEmbedder
    from studiolo_models.protocols import ModelFile

    record = ModelFile(
        name=target.name, role="embedder", path=target, sha256="", size_bytes=0, licence="", source="", added_at=""
    )
    ours = CompiledEmbedder(record, cache_folder=target)
    theirs = model.encode_document(list(_CHECK_TEXTS), normalize_embeddings=True)
    cosines = np.sum(ours.embed_documents(_CHECK_TEXTS) * theirs, axis=1)
    for leftover in (*target.glob("*.blob"), *target.glob("precision-*.json")):
        leftover.unlink()
    return float(cosines.min())


if __name__ == "__main__":
    sys.exit(main())
