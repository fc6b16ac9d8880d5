"""Options that commands share, and how one reads through the desk of short reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import messages
from studiolo.desk import Job, Json

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

Home = Annotated[str | None, typer.Option("--home", help="The data folder.", envvar="STUDIOLO_HOME")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Collections = Annotated[list[str] | None, typer.Option("--collection", help="May be given several times.")]
K = Annotated[int, typer.Option("-k", min=1, help="How many passages.")]


def viewed(workspace: Workspace, request: messages.Request) -> Json:
    """Give the result of a short read."""
    from studiolo.view_desk import ViewDesk

    desk = ViewDesk(workspace)
    try:
        return desk.handle(request, Job())
    finally:
        desk.close()
