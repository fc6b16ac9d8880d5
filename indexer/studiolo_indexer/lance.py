"""LanceDB, imported without its client for remote catalogues: 200 modules that speak HTTP, and that we never use.

They took two thirds of LanceDB's import (1.1 of 1.7 s warm), at each start of the engine and of each command, and
brought urllib3 into a program that is offline. LanceDB only names their classes; classes without content stand in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

REMOTE_CLIENT = "lance_namespace_urllib3_client"


class _EmptyModule(ModuleType):
    """Has an empty class under every name that is asked for."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class _StandIn(MetaPathFinder, Loader):
    """Answers imports of the client, and of nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Claim the client's modules."""
        if fullname.partition(".")[0] != REMOTE_CLIENT:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make an empty module."""
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


def _import_without_client() -> ModuleType:
    # Its warnings are for those who tune it ("partition index is 15 but the number of partitions is 4": of an index
    # that is replaced; no row is missed), and would stand in the terminal of whoever runs a command.
    for name in ("LANCE_LOG", "LANCEDB_LOG"):  # which one is read depends on the version
        os.environ.setdefault(name, "error")
    finder = _StandIn()
    sys.meta_path.insert(0, finder)
    try:
        import lancedb
    finally:
        sys.meta_path.remove(finder)
    module: ModuleType = lancedb
    return module


lancedb = _import_without_client()
