"""The process for heavy work with torch: JSON lines, a request on stdin, its reply on stdout; it compiles.

Torch, transformers and sentence-transformers are imported here alone, inside functions; the engine never loads them.
A reply is what the request made, or `{"error": code, "detail": words}`.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9
_AGREEMENT = 0.999
_TOLERANCE = 0.001
_MAX_TOKENS = 8192
_READ_BYTES = 1 << 20
_DECIDES_VECTORS = (".safetensors", ".json", ".txt", ".model")


def main() -> int:
    """Serve requests until the input ends."""
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})
    # The protocol's descriptor is kept aside before a native library can write to 1.
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    while line := sys.stdin.buffer.readline(_READ_BYTES):
        replies.write(json.dumps(answer(line)).encode() + b"\n")
    return 0


def answer(line: bytes) -> dict[str, Any]:  # Any: a JSON document
    """Answer one request; what is wrong with a model is told by code, anything else ends the process."""
    from studiolo_models.errors import ModelError, ModelStoreUnwritable, ModelUnsupported

    request = json.loads(line)
    try:
        operations = {"compile_embedder": compile_embedder, "compile_reranker": compile_reranker}
        if request.get("op") not in operations:
            raise ModelUnsupported(f"the worker knows no {request.get('op')}")
        return operations[request["op"]](Path(request["source"]), Path(request["target"]))
    except ModelError as error:
        return {"error": error.code, "detail": str(error)}
    except OSError as error:
        return {"error": ModelStoreUnwritable.code, "detail": error.strerror or type(error).__name__}


def compile_embedder(source: Path, target: Path) -> dict[str, Any]:  # Any: a JSON document
    """Turn an embedder's folder of sentence-transformers into a compiled one, and check that both agree.

    Raises:
        TrainingExtraMissing: If torch is not installed.
        ModelFileGone, ModelDamaged: If the folder is not there, or not whole.
        ModelUnsupported: If it holds pickled weights (S4) or code of its own, or the compiled model would not agree
            with the folder's own vectors.
        OSError: If the target cannot be written.
    """
    from studiolo_models.embedder_folder import check_source
    from studiolo_models.embedding import CARD

    modules = check_source(source)
    model = _load_embedder(source, modules[0].folder)
    # A text that is shorter than the other is padded, so that tracing sees the mask at work.
    sample = model.tokenizer(["short", "a text of some more words than that"], padding=True, return_tensors="pt")
    names, converted = _convert(source, model, dict(sample), "sentence_embedding")
    card = _card(model, source, names)
    target.mkdir(parents=True, mode=0o700)
    _save(converted, model.tokenizer, target)
    (target / CARD).write_text(json.dumps(card, indent=1), encoding="utf-8")
    agreement = _agreement(source, model, target)
    if not agreement >= _AGREEMENT:
        from studiolo_models.errors import ModelUnsupported

        raise ModelUnsupported(f"{source.name}: compiled vectors agree to {agreement:.4f} only")
    return {"identity": card["identity"], "agreement": agreement}


def compile_reranker(source: Path, target: Path) -> dict[str, Any]:  # Any: a JSON document
    """Turn a CrossEncoder folder of sentence-transformers into a compiled one, and check that both agree.

    Raises:
        As for `compile_embedder`.
    """
    from studiolo_models.errors import ModelUnsupported
    from studiolo_models.reranker_folder import check_reranker
    from studiolo_models.reranking import CARD

    check_reranker(source)
    model = _load_reranker(source)
    if model.default_prompt_name is not None:
        raise ModelUnsupported(f"{source.name} puts a prompt of its own before each pair, which cannot be compiled")
    texts = ["short", "a text of some more words than that"]
    sample = dict(model.tokenizer(texts, texts[::-1], padding=True, return_tensors="pt"))
    names, converted = _convert(source, model, sample, "scores")
    card = _reranker_card(model, source, names)
    target.mkdir(parents=True, mode=0o700)
    _save(converted, model.tokenizer, target)
    (target / CARD).write_text(json.dumps(card, indent=1), encoding="utf-8")
    moved = _score_disagreement(source, model, target)
    if not moved <= _TOLERANCE:
        raise ModelUnsupported(f"{source.name}: compiled scores are off by {moved:.4f} of their range")
    return {"identity": card["identity"], "disagreement": moved}


def _load_embedder(source: Path, transformer: Path) -> Any:  # Any: sentence-transformers is untyped here
    from studiolo_models.errors import ModelUnsupported

    # Only a pooler may be missing: nobody uses it.
    model = _load(source, transformer, "SentenceTransformer", unused=("pooler",))
    if not getattr(model[1], "include_prompt", True) and any(model.prompts.values()):
        raise ModelUnsupported(f"{source.name} leaves its prompt out of the pooling, which cannot be compiled")
    return model


def _load_reranker(source: Path) -> Any:  # Any: as above
    from studiolo_models.errors import TrainingExtraMissing

    try:
        from torch.nn import Identity
    except ImportError as error:
        raise TrainingExtraMissing(str(error)) from error
    # Its own activation changes no order, and would be imported by the name that the folder gives it.
    return _load(source, source, "CrossEncoder", activation_fn=Identity())


def _load(
    source: Path, transformer: Path, library: str, *, unused: Sequence[str] = (), **options: Any
) -> Any:  # Any: as above
    """Load the folder with sentence-transformers, in float32, without pickles, code of its own, or random weights."""
    from studiolo_models.errors import ModelDamaged, ModelUnsupported, TrainingExtraMissing

    try:
        import sentence_transformers
        from safetensors import SafetensorError
    except ImportError as error:
        raise TrainingExtraMissing(str(error)) from error
    try:
        model = getattr(sentence_transformers, library)(
            str(source),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": "float32"},
            **options,
        )
        kind = type(model[0].model)
        missing = kind.from_pretrained(
            str(transformer), output_loading_info=True, local_files_only=True, use_safetensors=True
        )[1]["missing_keys"]
    except (OSError, KeyError, RuntimeError, TypeError, AttributeError, SafetensorError, json.JSONDecodeError) as error:
        raise ModelDamaged(f"{source.name}: {_first_line(error)}") from error
    except (ValueError, ImportError) as error:  # a type that it does not know, or code of the folder's own
        raise ModelUnsupported(f"{source.name}: {_first_line(error)}") from error
    # transformers fills what a file lacks with random numbers.
    lacking = sorted(str(name) for name in missing if not any(part in str(name) for part in unused))
    if lacking:
        raise ModelDamaged(f"{source.name}: the weights lack {lacking[0]} and {len(lacking) - 1} more")
    return model.float().eval()


def _convert(
    source: Path, model: Any, sample: dict[str, Any], output: str
) -> tuple[list[str], Any]:  # Any: torch and OpenVINO are untyped
    """Give the names of the graph's inputs, and the whole pipeline of modules up to `output` as one OpenVINO graph."""
    import torch

    from studiolo_models.errors import ModelUnsupported
    from studiolo_models.openvino_runtime import import_openvino

    names: list[str] = [n for n in ("input_ids", "attention_mask", "token_type_ids") if n in sample]

    class Traced(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
        """The whole pipeline of modules, from token ids to vectors or scores."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = model

        def forward(self, *tensors: Any) -> Any:  # Any: torch is untyped here
            features = dict(zip(names, tensors, strict=True))
            for module in self.inner:
                features = module(features)
            return features[output]

    openvino = import_openvino()
    try:
        with torch.no_grad():
            converted = openvino.convert_model(Traced(), example_input=tuple(sample[name] for name in names))
        for port in converted.inputs:
            port.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
        converted.validate_nodes_and_infer_types()
    except (RuntimeError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ModelUnsupported(f"{source.name} cannot be compiled: {_first_line(error)}") from error
    return names, converted


def _save(converted: Any, tokenizer: Any, target: Path) -> None:  # Any: untyped libraries
    from studiolo_models.embedding import MODEL_XML, TOKENIZER
    from studiolo_models.errors import ModelStoreUnwritable, ModelUnsupported
    from studiolo_models.openvino_runtime import import_openvino

    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelUnsupported("the model has no fast tokenizer")
    try:
        import_openvino().save_model(converted, str(target / MODEL_XML), compress_to_fp16=False)
    except RuntimeError as error:
        raise ModelStoreUnwritable(_first_line(error)) from error
    # As text, not with `save`, which raises a bare Exception where the disk is full.
    (target / TOKENIZER).write_text(backend.to_str(), encoding="utf-8")


def _card(model: Any, source: Path, names: list[str]) -> dict[str, Any]:  # Any: untyped; JSON
    """Write down what decides the vectors, its identity, and where it came from."""
    from studiolo_models.embedder_folder import read_prompts
    from studiolo_models.errors import ModelDamaged

    longest = model.max_seq_length or model.tokenizer.model_max_length
    query, document = read_prompts(source)
    card: dict[str, Any] = {
        "dimension": int(model.get_embedding_dimension()),
        "max_tokens": min(int(longest), _MAX_TOKENS),
        "query_prompt": query,
        "document_prompt": document,
        "inputs": names,
    }
    if card["max_tokens"] < 3:
        raise ModelDamaged(f"{source.name}: its longest input is {longest} tokens")
    pooling = model[1].pooling_mode
    return {
        "identity": _digest(source, json.dumps(card, sort_keys=True).encode())[:32],
        **card,
        "pad_id": int(model.tokenizer.pad_token_id or 0),
        "pooling": [pooling] if isinstance(pooling, str) else list(pooling),
        "lower_case": bool(getattr(model[0], "do_lower_case", False)),
        "prompts": dict(model.prompts),
        **_origin(source),
    }


def _reranker_card(model: Any, source: Path, names: list[str]) -> dict[str, Any]:  # Any: untyped; JSON
    """Write down what decides the scores, their identity, and where they came from."""
    from studiolo_models.errors import ModelDamaged
    from studiolo_models.reranking import LONGEST_TOKENS

    longest = model.max_seq_length or model.tokenizer.model_max_length
    if longest < 8:
        raise ModelDamaged(f"{source.name}: its longest input is {longest} tokens")
    card: dict[str, Any] = {"max_tokens": min(int(longest), LONGEST_TOKENS), "inputs": names}
    return {
        "identity": _digest(source, json.dumps(card, sort_keys=True).encode())[:32],
        **card,
        "pad_id": int(model.tokenizer.pad_token_id or 0),
        **_origin(source),
    }


def _origin(source: Path) -> dict[str, Any]:  # Any: JSON
    return {
        "source_sha256": _digest(source, b""),
        "made_with": {name: metadata.version(name) for name in ("openvino", "torch", "sentence-transformers")},
    }


def _digest(source: Path, beginning: bytes) -> str:
    digest = hashlib.sha256(beginning)
    for path in sorted(p for p in source.rglob("*") if p.suffix in _DECIDES_VECTORS and p.is_file()):
        digest.update(path.relative_to(source).as_posix().encode("utf-8", "surrogateescape") + b"\0")
        with path.open("rb") as stream:
            while block := stream.read(_READ_BYTES):
                digest.update(block)
    return digest.hexdigest()


def _agreement(source: Path, model: Any, target: Path) -> float:  # Any: sentence-transformers is untyped
    """Give the lowest cosine of our vectors with the folder's own, documents and queries, in f32 (R23)."""
    import numpy as np

    from studiolo_models.embedding import CHECK_TEXTS, CompiledEmbedder, EmbedderCard
    from studiolo_models.errors import ModelUnsupported
    from studiolo_models.protocols import ModelFile

    card = EmbedderCard.read(target)
    record = ModelFile(
        name=source.name, role="embedder", path=target, sha256="", size_bytes=0, licence="", source="", added_at=""
    )
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".check-") as cache:
        ours = CompiledEmbedder(record, cache_folder=Path(cache), precision="f32")
        documents = ours.embed_documents(CHECK_TEXTS)
        queries = [ours.embed_query(text) for text in CHECK_TEXTS[:2]]
    try:
        theirs = _encode(model, CHECK_TEXTS, card.document_prompt)
        theirs_queries = _encode(model, CHECK_TEXTS[:2], card.query_prompt)
    except (RuntimeError, ValueError, IndexError) as error:
        raise ModelUnsupported(f"{source.name} cannot embed every text: {_first_line(error)}") from error
    pairs = np.concatenate([documents, np.stack(queries)]) * np.concatenate([theirs, theirs_queries])
    return float(pairs.sum(axis=1).min())


def _score_disagreement(source: Path, model: Any, target: Path) -> float:  # Any: sentence-transformers is untyped
    """Give how far our scores are from the folder's own, in f32, as a share of their range."""
    import numpy as np

    from studiolo_models.errors import ModelUnsupported
    from studiolo_models.protocols import ModelFile
    from studiolo_models.reranking import CHECK_PAIRS, LONGEST_TOKENS, CompiledReranker, disagreement

    record = ModelFile(
        name=source.name, role="reranker", path=target, sha256="", size_bytes=0, licence="", source="", added_at=""
    )
    model.max_seq_length = min(model.max_seq_length or LONGEST_TOKENS, LONGEST_TOKENS)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".check-") as cache:
        ours = CompiledReranker(record, cache_folder=Path(cache), precision="f32")
        made = [ours.score(query, [text], go_on=lambda: True) for query, text in CHECK_PAIRS]
    try:
        own = model.predict(list(CHECK_PAIRS), batch_size=8, show_progress_bar=False)
    except (RuntimeError, ValueError, IndexError) as error:
        raise ModelUnsupported(f"{source.name} cannot judge every text: {_first_line(error)}") from error
    return disagreement(np.asarray(own, dtype=np.float32), np.concatenate(made))


def _encode(model: Any, texts: Sequence[str], prompt: str) -> Any:  # Any: sentence-transformers is untyped
    # An empty prompt is given too: without one, its default prompt would be used.
    return model.encode(list(texts), prompt=prompt, normalize_embeddings=True, batch_size=8, show_progress_bar=False)


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:200] if lines else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
