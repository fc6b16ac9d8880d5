"""One data folder: opened once, its embedder loaded once, one writer, and nothing left in its temporary folder."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest
from gguf_files import small_adapter, small_model

from studiolo.errors import AssistantError
from studiolo.paths import AppPaths
from studiolo.settings import Settings, save_settings
from studiolo.workspace import ChatHolder, Workspace, as_bytes, as_path, guarded_command
from studiolo_indexer.errors import StoreLocked
from studiolo_models.errors import ModelMissing
from studiolo_models.fakes import FakeChat, FakeEmbedder
from studiolo_models.protocols import ModelFile


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(AppPaths(tmp_path / "home"))


def test_a_new_data_folder_is_made_private(workspace: Workspace) -> None:
    """Promise 8."""
    home = workspace.paths.home
    assert {oct(p.stat().st_mode & 0o777) for p in (home, *home.iterdir()) if p.is_dir()} == {"0o700"}


def test_an_index_that_was_never_written_reads_as_empty(workspace: Workspace) -> None:
    catalogue = workspace.catalogue()
    assert (catalogue.folders(), catalogue.counts(None).on_disk) == ([], 0)
    catalogue.close()


def test_damaged_settings_are_named_when_the_folder_is_opened(tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "home")
    paths.create()
    paths.settings.write_text("threads = many")
    with pytest.raises(AssistantError) as caught:
        Workspace(paths)
    assert caught.value.code == "settings.damaged"


def test_the_embedder_is_loaded_once_however_many_threads_ask(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[ModelFile] = []
    together = threading.Barrier(6)

    def load(model: ModelFile, **options: object) -> FakeEmbedder:
        loaded.append(model)
        return FakeEmbedder()

    def ask() -> None:
        together.wait()
        given.append(workspace.embedder())

    given: list[object] = []
    monkeypatch.setattr("studiolo.workspace.load_embedder", load)
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(loaded), len(given), len({id(e) for e in given})) == (1, 6, 1)


def test_there_is_one_writer_and_the_lock_is_given_back(workspace: Workspace) -> None:
    lock = workspace.writer_lock()
    with pytest.raises(StoreLocked):
        Workspace(workspace.paths).writer_lock()
    lock.release()
    Workspace(workspace.paths).writer_lock().release()
    assert workspace.paths.lock.stat().st_mode & 0o077 == 0


def test_the_temporary_folder_is_cleared_and_nothing_beside_it(workspace: Workspace, tmp_path: Path) -> None:
    """S17; a link in it is removed, not followed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("Kept.")
    temp = workspace.paths.temp
    (temp / "half" / "deep").mkdir(parents=True)
    (temp / "half" / "deep" / "page.png").write_text("x")
    (temp / "left.tmp").write_text("x")
    (temp / "link").symlink_to(outside, target_is_directory=True)
    workspace.clear_temp()
    assert list(temp.iterdir()) == []
    assert (outside / "kept.txt").exists()


@pytest.mark.parametrize("text", ["", "~nobody-of-this-name/x", "/docs/\0/x", "/docs/\ud800"])
def test_what_is_no_path_is_named(text: str) -> None:
    for read in (as_path, as_bytes):
        with pytest.raises(AssistantError) as caught:
            read(text)
        assert caught.value.code == "path.bad"


def test_a_path_becomes_absolute_and_keeps_its_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert as_path("docs/a.txt") == tmp_path / "docs" / "a.txt"
    assert as_path("~") == Path(os.environ["HOME"])
    assert as_bytes("/docs/caf\udce9") == b"/docs/caf\xe9"


def test_children_get_the_guards_before_their_module() -> None:
    command = [*guarded_command("timeit"), "-n1", "-r1", "-s", "import socket", "socket.socket()"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert "OfflineViolation" in done.stderr


class CountingChat(FakeChat):
    """Counts what is done to it."""

    made = 0

    def __init__(self, model: ModelFile, **options: object) -> None:
        super().__init__()
        type(self).made += 1
        self.attached: list[str | None] = []
        self.scales: list[float] = []
        self.closed = False

    def attach_adapter(self, adapter: ModelFile | None, *, scale: float = 1.0) -> None:
        self.attached.append(adapter.name if adapter else None)
        self.scales.append(scale)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def chats(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChatHolder:
    """Holds chat models; two are registered, `one` and `two`, and the adapter `style`."""
    monkeypatch.setattr("studiolo_models.llama_chat.LlamaChat", CountingChat)
    monkeypatch.setattr(CountingChat, "made", 0)
    for name, data in (("one", small_model()), ("two", small_model(general__name="Two")), ("style", small_adapter())):
        file = tmp_path / f"{name}.gguf"
        file.write_bytes(data)
        workspace.registry.add_gguf(file)
    return ChatHolder(workspace)


def test_a_chat_model_is_loaded_once_and_swapped_when_another_is_asked_for(chats: ChatHolder) -> None:
    first = chats.load("one", None)
    assert chats.load("one", None) is first
    second = chats.load("two", None)
    assert isinstance(first, CountingChat)
    assert (first.closed, CountingChat.made) == (True, 2)
    assert chats.model is not None
    assert (chats.model.name, second is first) == ("two", False)


def test_an_adapter_is_attached_once_and_taken_off_when_it_is_not_asked_for(chats: ChatHolder) -> None:
    """R31: what is not asked for changes no answer."""
    for adapter in ("style", "style", None, None, "style"):
        chat = chats.load("one", adapter)
    assert isinstance(chat, CountingChat)
    assert chat.attached == ["style", None, "style"]


def test_the_adapter_of_the_settings_is_used_when_none_is_named(chats: ChatHolder, workspace: Workspace) -> None:
    save_settings(workspace.paths.settings, Settings(adapter="style"))
    again = ChatHolder(Workspace(workspace.paths))
    again.load("one", None)
    assert again.adapter is not None
    assert again.adapter.name == "style"


def test_another_scale_counts_from_the_next_answer_on(chats: ChatHolder, workspace: Workspace) -> None:
    """R31: an answer says the scale that it was written with."""
    for scale in (1.0, 1.0, 0.5):
        workspace.change_settings(adapter_scale=scale)
        chat = chats.load("one", "style")
        assert chats.scale == scale
    assert isinstance(chat, CountingChat)
    assert chat.scales == [1.0, 0.5]
    workspace.change_settings(adapter_scale=2.0)
    chats.load("one", None)
    assert chat.attached == ["style", "style", None]


def test_settings_that_are_changed_apart_are_nobody_elses(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "_embedder", FakeEmbedder())
    apart = workspace.apart()
    apart.settings = Settings(adapter="style")
    assert workspace.settings.adapter == ""
    assert apart.embedder() is workspace.embedder()
    assert apart.registry is workspace.registry


def test_what_the_settings_say_of_the_model_counts_with_the_next_question(
    chats: ChatHolder, workspace: Workspace
) -> None:
    first = chats.load("one", "style")
    workspace.change_setting("passages", 9)
    assert chats.load("one", "style") is first
    workspace.change_setting("adapter_scale", 0.5)
    assert chats.load("one", "style") is first
    assert isinstance(first, CountingChat)
    assert first.attached == ["style", "style"]
    workspace.change_setting("context_tokens", 4096)
    assert chats.load("one", "style") is not first
    assert first.closed


def test_a_changed_setting_is_kept_and_what_the_engine_started_with_is_known(workspace: Workspace) -> None:
    workspace.change_setting("ocr", False)
    assert (workspace.settings.ocr, workspace.started_with.ocr) == (False, True)
    again = Workspace(workspace.paths)
    assert (again.settings.ocr, again.started_with.ocr) == (False, False)
    with pytest.raises(AssistantError, match="from 1 to 20"):
        workspace.change_setting("passages", 21)
    assert workspace.settings.passages == 6


@pytest.mark.parametrize(
    ("model", "adapter", "code"),
    [("style", None, "model.unsupported"), ("one", "two", "model.unsupported"), ("one", "no", "model.missing")],
)
def test_a_model_in_the_wrong_place_is_refused(chats: ChatHolder, model: str, adapter: str | None, code: str) -> None:
    with pytest.raises((AssistantError, ModelMissing)) as caught:
        chats.load(model, adapter)
    assert getattr(caught.value, "code", "") == code
