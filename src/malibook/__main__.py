"""The `malibook` command, as ``python -m malibook`` too: it can be interrupted from the first moment, while it still loads."""

import contextlib
import os
import signal
import sys


def main() -> None:
    """Run the command line."""
    _open_streams()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end_early)
        if number is not None and hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])  # `run.py` has it wait until here
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"  # LC_ALL=POSIX: no accent in the name of a folder could be told to anybody
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    from malibook.cli import main as command_line

    command_line()


def _open_streams() -> None:
    """Open what is closed of input, output and errors, here and for what is started: else the next file takes its place."""
    for stream in (0, 1, 2):
        try:
            os.fstat(stream)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _end_early(*_: object) -> None:
    """End at once: nothing is begun yet that would have to be tidied up, and Python would print where it was."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        print("malibook: interrupted; the last good book stays where it was", file=sys.stderr, flush=True)
    os._exit(130)


if __name__ == "__main__":
    main()
