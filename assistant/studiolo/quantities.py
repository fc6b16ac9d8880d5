"""Numbers in words for people: counts, durations, sizes; pure and light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def count(number: int, noun: str) -> str:
    """Count things: `1 file`, `1,204 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """Say roughly how long something takes."""
    if seconds < 50:
        return f"about {max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"about {max(1, minutes)} min" if minutes < 90 else f"about {round(minutes / 60)} h"


def size(size_bytes: int) -> str:
    """Say how large something is."""
    value = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def duration_between(low_s: float, high_s: float) -> str:
    """Say roughly how long something takes that is known within bounds: `about 12 to 20 min`."""
    low, high = duration(low_s), duration(high_s)
    if low == high:
        return low
    number, unit = low.removeprefix("about ").split()
    bound, last_unit = high.removeprefix("about ").split()
    return f"about {number} to {bound} {unit}" if unit == last_unit else f"about {number} {unit} to {bound} {last_unit}"


def estimate_lines(estimate: Mapping[str, object]) -> list[str]:
    """Word an `estimate` document: how much there is, how long it takes, what comes after.

    Fields that are missing or no numbers count as 0: it may come from another process.
    """
    files, pages, scanned, skipped = (_whole(estimate, n) for n in ("files", "pages", "scanned_pages", "skipped"))
    if not files:
        return ["There is nothing here that Studiolo reads."]
    whole = estimate.get("whole") is not False
    much = count(files, "file") if whole else f"more than {count(files, 'file')}"
    lines = [
        f"{much[0].upper()}{much[1:]}, {size(_whole(estimate, 'size_bytes'))}"
        + (f", about {count(_rounded(pages), 'page')}" if pages else "")
        + (f"; {skipped:,} left out" if skipped else "")
        + "."
    ]
    if estimate.get("sampled") == 0:
        return [*lines, "How long it takes cannot be told before: none of its files could be read for that in time."]
    seconds, disk = estimate.get("seconds"), _whole(estimate, "disk_bytes")
    low, high = (_number(seconds, n) for n in ("low", "high"))
    lines.append(
        f"Ready in {duration_between(low, high)}" + ("" if whole else " or more") + f"; the index takes {size(disk)}."
    )
    if scanned:
        lines.append(
            f"About {count(_rounded(scanned), 'scanned page')} to be recognised after that, "
            f"{duration(_number(seconds, 'scanned_pages'))}."
        )
    free = _whole(estimate, "free_bytes")
    if disk >= free > 0:
        lines.append(f"There is too little room for it: {size(free)} are free.")
    return lines


def added_up(estimates: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Give the `estimate` document of several folders that are indexed one after the other."""
    names = ("files", "size_bytes", "skipped", "pages", "scanned_pages", "disk_bytes")
    total: dict[str, object] = {name: sum(_whole(e, name) for e in estimates) for name in names}
    seconds = ("low", "high", "scanned_pages")
    total["seconds"] = {name: sum(_number(e.get("seconds"), name) for e in estimates) for name in seconds}
    total["sampled"] = 0 if any(e.get("sampled") == 0 and _whole(e, "files") for e in estimates) else 1
    total["whole"] = all(e.get("whole") is not False for e in estimates)
    total["free_bytes"] = min((_whole(e, "free_bytes") for e in estimates), default=0)
    return total


def _rounded(number: int) -> int:
    """Round what is an estimate to two digits that count."""
    digits = len(str(number)) - 2
    return number if digits <= 0 else round(number, -digits)


def _number(row: object, name: str) -> float:
    value = row.get(name) if isinstance(row, Mapping) else None
    if not isinstance(value, int | float) or isinstance(value, bool) or not -1e15 < value < 1e15:
        return 0.0
    return float(value)


def _whole(row: Mapping[str, object], name: str) -> int:
    return int(_number(row, name))
