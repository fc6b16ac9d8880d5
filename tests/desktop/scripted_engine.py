"""An engine that follows a script: speaks the protocol with the standard library alone, and fails on demand.

    python scripted_engine.py --home HOME CONFIG.json

The configuration replaces entries of `DEFAULTS`. Faults, each a request type: `crash_on` aborts, `crash_once` names a
file and aborts only while that file is missing, `silent_on` never answers, `bad_line_on` writes a line that is none.
"""

import base64
import json
import os
import struct
import sys
import threading
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]  # Any: a JSON document

PASSAGES: list[Json] = [
    {"number": 1, "path": "/docs/hr/leave-policy-2026.pdf", "collection": "documents", "part": "Page 4", "page": 4,
     "start": 210, "end": 291, "quote": "Unused leave up to ten days may be carried over and must be taken by 31 March",
     "text": "4.2 Carry-over. Unused leave up to ten days may be carried over and must be taken by 31 March of the "
             "following year. Days beyond ten lapse on 31 December.", "sha256": "a" * 64, "score": 0.9},
    {"number": 2, "path": "/docs/hr/handbook.docx", "collection": "documents", "part": "7.3 Leave", "page": None,
     "start": 0, "end": 45, "quote": "Leave accrues at 1.75 days per month of work.",
     "text": "Leave accrues at 1.75 days per month of work.", "sha256": "b" * 64, "score": 0.7},
    {"number": 3, "path": "/docs/hr/leave-policy-2024.pdf", "collection": "documents", "part": "Page 4", "page": 4,
     "start": 10, "end": 60, "quote": "Unused leave up to five days may be carried over.",
     "text": "Unused leave up to five days may be carried over.", "sha256": "c" * 64, "score": 0.6},
]  # fmt: skip
ANSWER: Json = {
    "sentences": [
        {"text": "You can carry over up to ten days of unused leave.", "citations": [1], "support": 0.95,
         "verdict": "supported"},
        {"text": "The newer policy replaces the older one.", "citations": [3], "support": 0.5, "verdict": "weak"},
        {"text": "Everybody likes it.", "citations": [], "support": 0.0, "verdict": "unsupported"},
    ],
    "refused": False, "composed_by": "model", "model": "smollm2-135m", "citations": [], "passages": [],
    "coverage": {"files_in_scope": 214, "searched": 209, "failed": 5, "skipped": 0, "pending": 0},
}  # fmt: skip
DEFAULTS: Json = {
    "collections": [{"name": "documents", "files": [209, 0, 5, 0], "offline_since": None}],
    "indexing": False, "on_battery": False,
    "estimate": {"files": 1204, "size_bytes": 340_000_000, "skipped": 12, "whole": True, "pages": 8317,
                 "scanned_pages": 31, "seconds": {"low": 720.0, "high": 1200.0, "scanned_pages": 77.5},
                 "disk_bytes": 45_000_000, "free_bytes": 210_000_000_000},
    "passages": PASSAGES,
    "answer": ANSWER,
    "tokens": ["You can carry ", "over up to ten days of unused leave [", "1]. The newer policy replaces the older ",
               "one [3]. Everybody likes it."],
    "view": {"kind": "page", "pages": 12, "boxes": [[120, 180, 500, 20], [120, 204, 320, 20]], "stale": False},
    "version": "e" * 64, "words": "Unused leave up to ten days may be carried over.",
    "found": [[2, 0, 6], [4, 7, 12], [4, 20, 23], [9, 0, 6]], "pages_at_once": 12,
    "files_total": 5, "conversations": [], "flood": 0, "notice_on": {}, "fail": {},
    "page": "<h1>A page</h1>",
    "ready": True, "exit_code": None, "ignore_shutdown": False,
    "crash_on": None, "crash_once": None, "silent_on": [], "bad_line_on": None, "hang_tokens": False, "tokens_per_s": 0,
    "stderr": "", "progress": [], "requests_log": None,
    "findings": [{"check": "network", "ok": True, "detail": "sockets are refused"}],
}  # fmt: skip
LOCK = threading.Lock()


def say(**body: object) -> None:
    with LOCK:
        sys.stdout.buffer.write(json.dumps(body).encode() + b"\n")
        sys.stdout.buffer.flush()


def png(width: int, height: int) -> bytes:
    row = b"\0" + b"\xff\xff\xff" * width
    grey = b"\0" + b"\xff\xff\xff" * (width // 8) + b"\x90\x90\x90" * (width - 2 * (width // 8))
    grey += b"\xff\xff\xff" * (width - (len(grey) - 1) // 3)
    body = b"".join(grey if y % 24 in range(10, 16) and 60 < y < height - 60 else row for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body, 1)) + chunk(b"IEND", b"")


class Engine:
    def __init__(self, config: Json) -> None:
        self.config = config
        self.hanging: Json | None = None
        self.paused = False
        self.speed = "full"
        self.talks: dict[int, Json] = {}
        self.kept = 0
        for talk in config["conversations"]:
            self.talks[talk["id"]] = {"pinned": False, "asked_at": "2026-01-01T10:00:00+00:00", "turns": [], **talk}
            for question in talk.get("questions", [talk["title"]]):
                self.keep({"id": "", "question": question}, self.talks[talk["id"]])

    def serve(self) -> None:
        if self.config["stderr"]:
            print(self.config["stderr"], file=sys.stderr, flush=True)
        for error in self.config["notice_on"].get("start", []):
            say(type="notice", error=error)
        if self.config["exit_code"] is not None:
            os._exit(self.config["exit_code"])
        if self.config["ready"]:
            say(type="ready", protocol=1, version="0")
        for line in sys.stdin.buffer:
            request = json.loads(line)
            if self.config["requests_log"]:
                with Path(self.config["requests_log"]).open("a") as log:
                    log.write(line.decode())
            if not self.answer(request):
                return

    def answer(self, request: Json) -> bool:
        kind = request["type"]
        if kind == self.config["crash_on"]:
            marker = self.config["crash_once"]
            if marker is None or not Path(marker).exists():
                if marker:
                    Path(marker).touch()
                os.abort()
        if kind == self.config["bad_line_on"]:
            sys.stdout.buffer.write(b'{"type": "token", "request": 3}\nno json at all\n')
            sys.stdout.buffer.flush()
        if kind in self.config["silent_on"]:
            return True
        if kind in self.config["fail"]:
            say(type="failed", request=request["id"], error=self.config["fail"][kind])
            return True
        if kind == "shutdown":
            if self.config["ignore_shutdown"]:
                threading.Event().wait()
            say(type="result", request=request["id"], value={})
            return False
        getattr(self, "on_" + kind)(request)
        return True

    def result(self, request: Json, value: object) -> None:
        say(type="result", request=request["id"], value=value)

    def on_hello(self, request: Json) -> None:
        findings = self.config["findings"]
        self.result(
            request,
            {
                "protocol": 1,
                "version": "0.1.0",
                "home": "/home/me/.local/share/studiolo",
                "offline": {"verified": all(f["ok"] for f in findings), "findings": findings},
                "models": {"chat": "smollm2-135m-instruct", "embedder": "all-minilm-l6-v2"},
                "adapter": None,
            },
        )

    def on_watch(self, request: Json) -> None:
        for event in self.config["progress"]:
            say(type="progress", **event)
        self.result(request, {"watching": 1})

    def on_status(self, request: Json) -> None:
        names = ("indexed", "skipped", "failed", "pending")
        self.result(
            request,
            {
                "indexing": self.config["indexing"],
                "paused": self.paused,
                "speed": self.speed,
                "on_battery": self.config["on_battery"],
                "gentle": self.speed == "gentle" or self.config["on_battery"],
                "collections": [
                    {
                        "name": c["name"],
                        "folders": [
                            {
                                "path": c.get("path", "/docs/" + c["name"]),
                                "collection": c["name"],
                                "added_at": "2026",
                                "offline_since": c.get("offline_since"),
                                "patterns": c.get("patterns", []),
                                "files": dict(zip(names, c["files"], strict=True)) | {"on_disk": sum(c["files"])},
                            }
                        ],
                        "files": dict(zip(names, c["files"], strict=True)) | {"on_disk": sum(c["files"])},
                    }
                    for c in self.config["collections"]
                ],
            },
        )

    def on_add_folder(self, request: Json) -> None:
        path, name = request["path"], request["collection"]
        self.config["collections"].append({"name": name, "files": [3, 0, 0, 0], "path": path})
        self.result(request, {"path": path, "collection": name, "added_at": "2026", "offline_since": None})
        say(type="progress", phase="index", collection=name, files_done=1, files_total=3, current="a.pdf")
        say(type="file_event", event="indexed", path=path + "/a.pdf", collection=name, time="2026-01-01T00:00:00Z")
        say(type="progress", phase="idle", collection=name, files_done=3, files_total=3)

    def on_remove_folder(self, request: Json) -> None:
        self.config["collections"] = [c for c in self.config["collections"] if c.get("path") != request["path"]]
        self.result(request, {"files": 3, "chunks": 9})

    def on_pause_indexing(self, request: Json) -> None:
        self.paused = request["paused"]
        self.result(request, {"paused": self.paused})

    def on_indexing_speed(self, request: Json) -> None:
        self.speed = request["speed"]
        self.result(request, {"speed": self.speed})

    def on_estimate(self, request: Json) -> None:
        self.result(request, {"path": request["path"], **self.config["estimate"]})

    def on_files(self, request: Json) -> None:
        total = self.config["files_total"]
        rows: list[Json] = [
            {
                "path": f"/docs/hr/<b>{i}.pdf",
                "relative_path": f"hr/<b>{i}.pdf",
                "collection": "documents",
                "state": request.get("state") or "failed",
                "code": "file.password",
                "reason": "It needs a password.",
                "size_bytes": 1000 + i,
                "warnings": [],
            }
            for i in range(request["offset"], min(total, request["offset"] + request["limit"]))
        ]
        codes = [{"code": "file.password", "reason": "It needs a password.", "files": total}]
        self.result(request, {"total": total, "rows": rows, "codes": codes})

    def on_export_files(self, request: Json) -> None:
        self.result(request, {"path": request["path"], "rows": self.config["files_total"]})

    def on_original(self, request: Json) -> None:
        self.result(request, {"path": request["path"], "folder": "/docs"})

    def on_preview_exclude(self, request: Json) -> None:
        paths = [f"{request['path']}/{pattern}" for pattern in request["patterns"]]
        self.result(request, {"dropped": len(paths), "returned": 0, "dropped_paths": paths, "returned_paths": []})

    def on_exclude(self, request: Json) -> None:
        for collection in self.config["collections"]:
            collection["patterns"] = request["patterns"]
        self.result(request, {"path": request["path"], "patterns": request["patterns"]})

    def on_retry(self, request: Json) -> None:
        self.result(request, {"files": {"on_disk": 5, "indexed": 5, "skipped": 0, "failed": 0, "pending": 0}})

    def on_search(self, request: Json) -> None:
        rows = [{**p, "rank": p["number"]} for p in self.config["passages"]]
        self.result(request, {"query": request["query"], "mode": "hybrid", "passages": rows})

    def on_ask(self, request: Json) -> None:
        say(type="evidence", request=request["id"], passages=self.config["passages"])
        for _ in range(self.config["flood"]):
            say(type="token", request=request["id"], text="word ")
        for text in self.config["tokens"]:
            if self.config["tokens_per_s"]:
                threading.Event().wait(1 / self.config["tokens_per_s"])
            say(type="token", request=request["id"], text=text)
        if self.config["hang_tokens"]:
            self.hanging = request
            return
        cited = {n for s in self.config["answer"]["sentences"] for n in s["citations"]}
        citations = self.config["answer"]["citations"] or [
            {**p, "stale": False} for p in self.config["passages"] if p["number"] in cited
        ]
        self.result(request, self.keep(request, self.talk_of(request), citations=citations))

    def talk_of(self, request: Json) -> Json:
        """Give the conversation that a question belongs to, or begin one."""
        number = request.get("conversation")
        if number not in self.talks:
            number = max([0, *self.talks]) + 1
            now = datetime.now(UTC).isoformat()
            self.talks[number] = {
                "id": number, "title": request["question"], "pinned": False, "asked_at": now, "turns": [],
            }  # fmt: skip
        return self.talks[number]

    def keep(self, request: Json, talk: Json, **fields: object) -> Json:
        self.kept += 1
        answer: Json = {
            "question": request["question"],
            "answer": " ".join(s["text"] for s in self.config["answer"]["sentences"]),
            "id": self.kept,
            "asked_at": talk["asked_at"],
            "conversation": talk["id"],
            **self.config["answer"],
            "passages": self.config["passages"],
            "citations": self.config["passages"][:1],
            "collections": request.get("collections", ["documents"]),
            "feedback": {"rating": None, "correction": ""},
            **fields,
        }
        talk["turns"].append(answer)
        return answer

    def on_cancel(self, request: Json) -> None:
        self.result(request, {"cancelled": True})
        if self.hanging is not None and self.hanging["id"] == request["target"]:
            say(type="cancelled", request=self.hanging["id"], value={})
            self.hanging = None

    def on_view(self, request: Json) -> None:
        view = dict(self.config["view"])
        view |= {"path": request["path"], "sha256": self.config["version"]}
        if view["kind"] == "page":
            width = request["width"]
            height = round(width * 1.4)
            scale = width / 900
            view |= {
                "page": request["page"] or 1,
                "width": width,
                "height": height,
                "png": base64.b64encode(png(width, height)).decode(),
                "boxes": [[v * scale for v in b] for b in view["boxes"]] if request["end"] else [],
            }
        self.result(request, view)

    def on_page_words(self, request: Json) -> None:
        text, at, rows = self.config["words"], 0, []
        for number, word in enumerate(text.split()):
            at = text.index(word, at)
            rows.append([at, at + len(word), 120 + 60 * (number % 10), 180 + 24 * (number // 10), 54, 20])
        place = {"path": request["path"], "page": request["page"], "pages": 12, "sha256": self.config["version"]}
        self.result(request, {**place, "text": text, "width": 900, "height": 1260, "words": rows})

    def on_find_in(self, request: Json) -> None:
        first, is_paged = request["page"], self.config["view"]["kind"] == "page"
        behind = first + self.config["pages_at_once"]
        hits = [
            {"page": page if is_paged else None, "start": start, "end": end}
            for page, start, end in self.config["found"]
            if first <= page < behind or not is_paged
        ]
        place = {"path": request["path"], "words": request["words"], "sha256": self.config["version"]}
        self.result(request, {**place, "hits": hits, "next": behind if is_paged and behind <= 12 else None})

    def on_models(self, request: Json) -> None:
        self.result(
            request,
            {
                "models": [
                    {
                        "name": "smollm2-135m-instruct",
                        "role": "chat",
                        "path": "/m",
                        "sha256": "1" * 64,
                        "size_bytes": 98_000_000,
                        "licence": "Apache-2.0",
                        "source": "",
                        "builtin": True,
                        "in_use": True,
                    },
                    {
                        "name": "other",
                        "role": "chat",
                        "path": "/n",
                        "sha256": "2" * 64,
                        "size_bytes": 8_000_000_000,
                        "licence": "MIT",
                        "source": "",
                        "builtin": False,
                        "in_use": False,
                    },
                    {
                        "name": "all-minilm-l6-v2",
                        "role": "embedder",
                        "path": "/e",
                        "sha256": "3" * 64,
                        "size_bytes": 90_000_000,
                        "licence": "Apache-2.0",
                        "source": "",
                        "builtin": True,
                        "in_use": True,
                    },
                ]
            },
        )

    def on_use_model(self, request: Json) -> None:
        self.result(request, {"name": request["name"]})

    def on_doctor(self, request: Json) -> None:
        self.result(
            request,
            {
                "findings": [
                    {"check": "network", "ok": True, "detail": "sockets are refused", "hint": ""},
                    {
                        "check": "disk",
                        "ok": False,
                        "detail": "The volume is not encrypted.",
                        "hint": "Turn on encryption.",
                    },
                ]
            },
        )

    def on_conversations(self, request: Json) -> None:
        talks = [t for t in reversed(self.talks.values()) if request["words"].lower() in t["title"].lower()]
        talks.sort(key=lambda talk: not talk["pinned"])
        rows = [{k: v for k, v in talk.items() if k != "turns"} for talk in talks]
        self.result(request, {"total": len(rows), "rows": rows[: request["limit"]]})

    def on_conversation(self, request: Json) -> None:
        self.result(request, self.talks[request["conversation"]])

    def on_rename_conversation(self, request: Json) -> None:
        talk = self.talks[request["conversation"]]
        talk["title"] = request["title"] or talk["turns"][0]["question"]
        self.result(request, talk)

    def on_pin_conversation(self, request: Json) -> None:
        self.talks[request["conversation"]]["pinned"] = request["pinned"]
        self.result(request, self.talks[request["conversation"]])

    def on_delete_conversation(self, request: Json) -> None:
        self.result(request, {"answers": len(self.talks.pop(request["conversation"])["turns"])})

    def on_export_conversation(self, request: Json) -> None:
        text = self.config["page"]
        if request["path"] is None:
            self.result(request, {"name": "talk.html", "text": text})
        else:
            Path(request["path"]).write_text(text)
            self.result(request, {"path": request["path"]})

    def on_feedback(self, request: Json) -> None:
        for talk in self.talks.values():
            for turn in talk["turns"]:
                if turn["id"] == request["entry"]:
                    turn["feedback"] = {"rating": request["rating"], "correction": request["correction"]}
        self.result(request, {"entry": request["entry"]})


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[3]).read_text()) if len(sys.argv) > 3 else {}
    Engine({**DEFAULTS, **given}).serve()
