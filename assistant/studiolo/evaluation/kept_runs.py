"""The runs that the engine keeps: one file a run, and a short record beside it, so that a list reads no rows.

They hold questions, answers and places of documents, so they are removed with the folders that they measured (R32).
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studiolo.errors import AssistantError
from studiolo.evaluation.runs import FORMAT, Run, read_run
from studiolo.paths import write_atomically

log = logging.getLogger(__name__)

Json = dict[str, Any]  # Any: a JSON document
_ID = re.compile(r"[0-9a-f]{16}")
_RECORD = ".record.json"


class KeptRuns:
    """Keeps runs in a folder of its own, made when the first one is kept.

    Args:
        folder: Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, run: Run, *, set_path: Path, folders: Sequence[str], seed: int = 0) -> Json:
        """Keep a run; gives its record.

        Args:
            run: What was measured.
            set_path: The file of questions.
            folders: The watched folders in scope: with one of them the run is removed.
            seed: Of the intervals.

        Raises:
            OSError: If it cannot be written; then nothing is kept.
        """
        run_id = secrets.token_hex(8)
        document = {"format": FORMAT, **run.document(seed=seed)}
        record = {
            "run": run_id,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "set": os.fspath(set_path),
            "folders": list(folders),
            "questions": len(run.rows),
            "unanswerable": sum(row.unanswerable for row in run.rows),
            **{key: value for key, value in document.items() if key not in ("rows", "warnings", "format")},
        }
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._rows(run_id), json.dumps(document, indent=1).encode("ascii"))
        # Last: a run without its record is in no list.
        write_atomically(self._record(run_id), json.dumps(record, indent=1).encode("ascii"))
        return record

    def records(self) -> list[Json]:
        """List the records, the newest first; one that cannot be read is left out."""
        found = [record for path in self._folder.glob(f"*{_RECORD}") if (record := _read_record(path)) is not None]
        return sorted(found, key=lambda record: (str(record.get("made_at")), str(record["run"])), reverse=True)

    def record(self, run_id: str) -> Json:
        """Give the record of a run.

        Raises:
            AssistantError: `evaluation.unknown_run` if it is not kept.
        """
        found = _read_record(self._record(run_id)) if _ID.fullmatch(run_id) else None
        if found is None:
            raise AssistantError("evaluation.unknown_run", run_id[:16])
        return found

    def run(self, run_id: str) -> Run:
        """Give a run with its rows; its name is that of its configuration.

        Raises:
            AssistantError: `evaluation.unknown_run` if it is not kept, `evaluation.bad_run` if it is damaged.
        """
        record = self.record(run_id)
        return replace(read_run(self._rows(run_id)), name=str(record.get("name")))

    def remove(self, run_id: str) -> None:
        """Remove a run.

        Raises:
            AssistantError: `evaluation.unknown_run` if it is not kept.
            OSError: If it cannot be removed.
        """
        self.record(run_id)
        # The rows first: what is still listed can be removed again.
        self._rows(run_id).unlink(missing_ok=True)
        self._record(run_id).unlink(missing_ok=True)

    def forget_under(self, folder: str) -> int:
        """Remove every run that measured a folder, and what cannot be told apart; gives how many.

        Raises:
            OSError: If one cannot be removed.
        """
        doomed = {run_id for run_id in self._ids() if folder in self._folders_of(run_id)}
        doomed |= {run_id for run_id in self._ids() if not self._folders_of(run_id)}
        for run_id in doomed:
            self._rows(run_id).unlink(missing_ok=True)
            self._record(run_id).unlink(missing_ok=True)
        return len(doomed)

    def _ids(self) -> Iterator[str]:
        names = {path.name.partition(".")[0] for path in self._folder.glob("*.json")}
        return (name for name in sorted(names) if _ID.fullmatch(name))

    def _folders_of(self, run_id: str) -> list[str]:
        record = _read_record(self._record(run_id)) or {}
        folders = record.get("folders")
        return [str(f) for f in folders] if isinstance(folders, list) else []

    def _rows(self, run_id: str) -> Path:
        return self._folder / f"{run_id}.json"

    def _record(self, run_id: str) -> Path:
        return self._folder / f"{run_id}{_RECORD}"


def _read_record(path: Path) -> Json | None:
    """Read one record; a damaged one is logged and left alone."""
    try:
        body = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.info("a run's record cannot be read: %s", type(error).__name__)
        return None
    return body if isinstance(body, dict) and body.get("run") == path.name.removesuffix(_RECORD) else None
