"""Drafting on a real index, by templates: each draft has its passage, and a stop ends it."""

from __future__ import annotations

import threading

import pytest

from studiolo.desk import Cancelled
from studiolo.drafting.drafting_run import drafts_of
from studiolo.workspace import ChatHolder, Workspace
from studiolo_indexer.errors import CollectionUnknown

pytestmark = pytest.mark.real_models


def test_questions_are_drafted_from_the_documents_of_the_scope(library: Workspace) -> None:
    chats = ChatHolder(library)
    drafts = list(drafts_of(library, chats, count=5, scope=("documents",), seed=0, cancel=threading.Event()))
    chats.close()
    assert drafts
    assert {draft.path for draft in drafts} == {"leave.md"}
    assert all(draft.text in draft.passage and draft.composed_by == "template" for draft in drafts)


def test_a_stop_ends_it(library: Workspace) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        list(drafts_of(library, None, count=5, scope=("documents",), seed=0, cancel=cancel))


def test_a_collection_that_is_not_there_is_said(library: Workspace) -> None:
    with pytest.raises(CollectionUnknown):
        list(drafts_of(library, None, count=5, scope=("nowhere",), seed=0, cancel=threading.Event()))
