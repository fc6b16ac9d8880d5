"""Checks the licence of every locked package: nothing under the GPL or AGPL may come with Studiolo.

The licence is read from each package's own metadata. An alternative ("LGPL-3.0-only OR GPL-2.0-only") passes by its
best side, a sum ("BSD-3-Clause AND GPL-3.0-or-later") by its worst. The LGPL passes: Qt's libraries are separate files
that a user can replace.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata

from lock import read_lock

# Packages whose metadata names no licence in a form that can be read, each looked up in the package itself.
KNOWN = {
    "scipy": "BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1",
}
# The exceptions that let a program be linked with a GPL runtime library under any terms.
LINKING_EXCEPTIONS = ("gcc-exception", "classpath-exception", "linking-exception")
REFUSED = re.compile(r"(?<!l)(?<!lesser )(?<!library )\b(a?gpl|gnu (affero )?general public)", re.IGNORECASE)


def licence_of(name: str) -> str:
    """Give a package's licence as its metadata states it; empty where it states none.

    Raises:
        PackageNotFoundError: If the package is not installed.
    """
    if name in KNOWN:
        return KNOWN[name]
    found = metadata.metadata(name)
    if found["License-Expression"]:
        return str(found["License-Expression"])
    classifiers = [c.rpartition(" :: ")[2] for c in found.get_all("Classifier") or () if c.startswith("License ::")]
    named = (found["License"] or "").strip().splitlines()[:1]
    # Both count: a package may name the GPL in the one and not in the other.
    return " AND ".join(f"({part})" for part in [*named, *classifiers] if part)


def is_allowed(expression: str) -> bool:
    """Judge a licence expression; unknown words pass, the GPL and AGPL do not."""
    return all(any(_part_allowed(part) for part in _split(side, "OR")) for side in _split(expression, "AND"))


def _split(expression: str, word: str) -> list[str]:
    """Split at a word outside of brackets, and take one pair of brackets off a part that stands in them."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"[()]|\b{word}\b", expression):
        if match[0] in "()":
            depth += 1 if match[0] == "(" else -1
        elif depth == 0:
            parts.append(expression[start : match.start()])
            start = match.end()
    return [part.strip() for part in (*parts, expression[start:])]


def _part_allowed(part: str) -> bool:
    inner = part[1:-1] if part.startswith("(") and part.endswith(")") else None
    if inner is not None and (re.search(r"\b(AND|OR)\b", inner)):
        return is_allowed(inner)
    if any(word in part.lower() for word in LINKING_EXCEPTIONS):
        return True
    return REFUSED.search(part) is None


def main() -> int:
    """Check every package of the lock; gives the exit code."""
    names = sorted({name for rows in read_lock().values() for name in rows})
    licences = {name: licence_of(name) for name in names}
    unknown = [name for name, licence in licences.items() if not licence]
    refused = [name for name, licence in licences.items() if not is_allowed(licence)]
    for name in unknown:
        print(f"{name} states no licence; look it up and add it to KNOWN in {__file__}")
    for name in refused:
        print(f"{name} is under {licences[name]!r}, which Studiolo cannot carry")
    if not unknown and not refused:
        print(f"{len(names)} packages, none under the GPL or AGPL")
    return 1 if unknown or refused else 0


if __name__ == "__main__":
    sys.exit(main())
