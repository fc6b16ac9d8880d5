"""A cited file that has changed or gone is named above the answer, as text."""

from __future__ import annotations

from desktop_parts import Room, words
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.changed_banner import ChangedBanner


def test_it_names_the_files_and_goes_when_they_are_what_they_were(qtbot: QtBot) -> None:
    room = Room(qtbot)
    banner = room.hold(ChangedBanner(room), stretch=0)
    banner.hide()
    banner.show_outdated([{"path": "/docs/<b>a</b>\n.md", "state": "changed"}])
    assert words(banner)[0].startswith("b> .md has changed since this was answered.")
    banner.show_outdated([{"path": f"/docs/{n}.md", "state": "gone"} for n in range(5)])
    assert words(banner)[0] == "5 files that are cited here have changed or gone since: 0.md, 1.md, 2.md …."
    banner.show_outdated([{"path": "/docs/a.md", "state": "gone"}])
    assert words(banner)[0] == "a.md is gone since this was answered."
    assert banner.accessibleName().startswith("Note: a.md is gone")
    banner.show_outdated([])
    assert not banner.isVisible()
