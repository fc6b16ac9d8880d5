"""Opens what drafting needs (searcher, catalogue, a model that words questions) and drafts; on the caller's thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from studiolo.drafting.asking import ModelAsker, can_ask
from studiolo.drafting.drafter import Draft, Drafter
from studiolo.workspace import ChatHolder, Workspace
from studiolo_models.errors import ModelMissing

_FOUND_AMONG = 10


def drafts_of(
    workspace: Workspace,
    chats: ChatHolder | None,
    *,
    count: int,
    scope: tuple[str, ...],
    seed: int,
    cancel: threading.Event,
) -> Iterator[Draft]:
    """Give up to `count` drafts about the documents of collections.

    Args:
        workspace: What is opened.
        chats: Loads the chat model that words questions, if it is large enough; None to do without one.
        count: The most drafts.
        scope: The collections.
        seed: Another number gives other passages.
        cancel: Ends the work.

    Raises:
        CollectionUnknown: If a collection does not exist.
        Cancelled: If `cancel` was set.
        ModelError: If a model cannot be loaded.
    """
    asker = _asker(workspace, chats, cancel) if chats is not None else None
    searcher, catalogue = workspace.searcher(), workspace.catalogue()
    try:
        drafter = Drafter(
            catalogue=catalogue,
            search=lambda question: searcher.search(question, k=_FOUND_AMONG, collections=scope).passages,
            ask_model=asker.question if asker else None,
            cancel=cancel,
        )
        yield from drafter.drafts(count, collections=scope, seed=seed)
    finally:
        catalogue.close()
        searcher.close()


def _asker(workspace: Workspace, chats: ChatHolder, cancel: threading.Event) -> ModelAsker | None:
    """Give what asks the chat model in use; None where there is none or a small one, since the templates do without."""
    try:
        model = workspace.registry.in_use("chat")
    except ModelMissing:
        return None
    return ModelAsker(chats.load(None, None), cancel) if can_ask(model.size_bytes) else None
