"""`studiolo-desktop`: the window; light until it stands on the screen."""

from __future__ import annotations

# First of all: nothing may reach the network, whatever is imported below.
from studiolo import offline

offline.prepare_environment()

import argparse  # noqa: E402 - the guards come first
import logging  # noqa: E402
import logging.handlers  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from types import TracebackType  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

from studiolo import __version__  # noqa: E402
from studiolo.errors import ErrorReport, report  # noqa: E402
from studiolo.paths import AppPaths, app_paths, make_private  # noqa: E402

if TYPE_CHECKING:
    from studiolo_desktop.main_window import MainWindow

log = logging.getLogger(__name__)

_LOG_BYTES = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window; gives the exit code."""
    options = parse(arguments)
    if options.version:
        sys.stdout.write(f"studiolo-desktop {__version__}\n")
        return 0
    make_private()
    offline.install_guards()
    return run(app_paths(options.home), options.folders)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="studiolo-desktop", description="Ask your own documents, on this computer.")
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="a folder to watch")
    parser.add_argument("--home", default=None, help="the data folder (default: STUDIOLO_HOME, else the platform's)")
    parser.add_argument("--version", action="store_true", help="print the version and end")
    return parser.parse_args(arguments)


def engine_command(paths: AppPaths) -> list[str]:
    """Give the command that starts the engine of a data folder."""
    return [sys.executable, "-I", "-m", "studiolo.service", "--home", str(paths.home)]


def run(paths: AppPaths, folders: Sequence[str] = ()) -> int:
    """Show the window, start the engine behind it, and stay until the window is closed."""
    from PySide6.QtWidgets import QApplication

    from studiolo_desktop.building import build
    from studiolo_desktop.single_instance import SingleInstance
    from studiolo_desktop.widgets.icons import program_icon

    app = QApplication(["studiolo-desktop"])
    app.setApplicationName("Studiolo")
    app.setQuitOnLastWindowClosed(False)
    problem = log_to(paths)
    instance = SingleInstance(paths, app)
    if instance.hand_over(folders):
        return 0
    app.setWindowIcon(program_icon())
    parts = build(app, engine_command(paths), paths)
    parts.client.closed.connect(app.quit)
    parts.window.closing.connect(instance.close)
    instance.called.connect(parts.commander.welcome)
    sys.excepthook = ErrorHook(parts.window)
    # Python cannot run a handler while Qt waits for events; the default ends the window, and its end the engine.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parts.window.show()
    if problem is not None:
        parts.window.messages.show_report(problem)
    if folders:
        parts.window.offer_folders(list(folders))
    return app.exec()


def log_to(paths: AppPaths) -> ErrorReport | None:
    """Write the window's log into the data folder; gives what went wrong, if it did."""
    try:
        paths.create()
        handler = logging.handlers.RotatingFileHandler(
            paths.logs / "window.log",
            maxBytes=_LOG_BYTES,
            backupCount=2,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError as error:
        return report(error)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    return None


class ErrorHook:
    """The one `sys.excepthook`: what nobody caught is logged and shown, and the window stays."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Report one error."""
        if isinstance(error, KeyboardInterrupt):
            self._window.close()
        else:
            self._window.messages.show_report(report(error.with_traceback(trace)))


if __name__ == "__main__":
    sys.exit(main())
