"""How wide the three rooms of the window are; pure."""

from __future__ import annotations

from dataclasses import dataclass

WIDE = 1100
"""From this width on the source lies beside the middle, below it over it."""
LEFT_RANGE = (200, 420)
_RIGHT_AUTOMATIC = (400, 560, 0.318)
_RIGHT_LEAST = 340
_MIDDLE_LEAST = 420
_OVERLAID_WIDTH = 560
_STEP = 40


@dataclass(frozen=True, slots=True)
class Rooms:
    """Widths in pixels: the left room, the middle, the right room; `overlaid` if that lies over the middle."""

    left: int
    middle: int
    right: int
    overlaid: bool


def rooms(width: int, *, left: int, right: int, source_open: bool) -> Rooms:
    """Share the width of the window.

    Args:
        width: Of the window, in logical pixels.
        left: What the user wants for the left room.
        right: What the user wants for the right room; 0 leaves it to the window.
        source_open: Whether there is a right room.
    """
    narrow = width < WIDE
    others = _MIDDLE_LEAST + (_RIGHT_LEAST if source_open and not narrow else 0)
    left = max(LEFT_RANGE[0], min(left, LEFT_RANGE[1], width - others))
    room = width - left
    if not source_open:
        return Rooms(left, room, 0, overlaid=False)
    if narrow:
        return Rooms(left, room, min(room, _OVERLAID_WIDTH), overlaid=True)
    least, most, share = _RIGHT_AUTOMATIC
    wanted = right or min(most, max(least, round(width * share)))
    right = max(_RIGHT_LEAST, min(wanted, room - _MIDDLE_LEAST))
    return Rooms(left, room - right, right, overlaid=False)


def stepped(width: int, by: int) -> int:
    """Give a width that is so many steps larger."""
    return width + by * _STEP
