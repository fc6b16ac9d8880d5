"""LanceDB comes without its client for remote catalogues."""

from __future__ import annotations

import subprocess
import sys

IMPORT = "import sys, studiolo_indexer.store, studiolo_indexer.lance as lance; "


def printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_store_loads_no_http_client() -> None:
    names = ("urllib3", "requests", "httpx", "aiohttp")
    assert printed(IMPORT + f"print([n for n in {names} if n in sys.modules])") == "[]"


def test_only_the_client_is_left_out_and_only_while_lancedb_is_imported() -> None:
    names = "type(sys.modules[lance.REMOTE_CLIENT]).__name__, type(sys.modules['lance_namespace']).__name__"
    finders = "[f for f in sys.meta_path if type(f).__name__ == '_StandIn']"
    assert printed(IMPORT + f"print({names}, {finders})") == "_EmptyModule module []"
