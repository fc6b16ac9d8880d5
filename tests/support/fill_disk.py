"""Indexes a folder on disks that are too small, then on one that is large enough; prints what came of it as JSON.

`python fill_disk.py FOLDER-FOR-DISKS DOCUMENTS KILOBYTES…` runs inside `run_with_own_mounts`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from small_disk import mount_disk, resize_disk
from world import World

from studiolo.errors import report
from studiolo_indexer.catalogue import Catalogue

LARGE = 100_000


def index(world: World) -> str:
    """Index once, as a program that starts, works and ends; gives "ok" or the code of what went wrong."""
    try:
        world.indexer.add_folder(world.root, collection="documents")
        world.indexer.sync()
        world.restart()
    except Exception as error:  # noqa: BLE001 - whatever it is, its code is what is tested
        return report(error).code
    return "ok"


def failed_files(world: World) -> int:
    """Count the files that are marked as failed."""
    catalogue = Catalogue.reader(world.catalogue_path)
    counts = catalogue.counts()
    catalogue.close()
    return counts.failed


def try_size(disk: Path, root: Path, kilobytes: int) -> dict[str, object]:
    """Index three times on a small disk, and once more when it has grown."""
    data = mount_disk(disk, kilobytes) / "index"
    outcomes = [index(World(root, data)) for _ in range(3)]
    resize_disk(disk, LARGE)
    world = World(root, data)
    failed = failed_files(world)
    after = index(world)
    rows = world.rows()
    return {
        "kilobytes": kilobytes,
        "outcomes": outcomes,
        "failed": failed,
        "after": after,
        "rows": rows,
        "found": [sorted(world.found(word)) for word in ("subject7", "subject31")],
        "by_text": [Path(p.path_text).name for p in world.search("subject7", mode="text")][:1],
    }


if __name__ == "__main__":
    disks, root = Path(sys.argv[1]), Path(sys.argv[2])
    print(json.dumps([try_size(disks / size, root, int(size)) for size in sys.argv[3:]]))
