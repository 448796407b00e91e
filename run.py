#!/usr/bin/env python3
"""The commands of this book, for a machine with nothing but Python 3.11+.

    python run.py build    environment, data check, all notebooks, HTML, PDF and EPUB
    python run.py test     environment, then every test
    python run.py lab      the notebooks in JupyterLab
    python run.py look     pictures of every page, for a person to leaf through (needs Chromium)

In a book made by `malibook fork`, whose library is a wheel in vendor/:

    python run.py raise WHEEL    take a newer library: its wheel, and the lock that it carries

All make `.venv` beside this file on first use (from requirements.txt, every package pinned
and hashed) and reuse it afterwards. Whatever follows the command is handed on:
`python run.py test -k prices`, `python run.py malibook --help`.
"""

from __future__ import annotations

try:
    import hashlib
    import os
    import shutil
    import signal
    import subprocess
    import sys
    import zipfile
    from pathlib import Path

    ROOT = Path(__file__).resolve().parent
except KeyboardInterrupt:  # Ctrl-C at once: where Python was says nothing to anybody
    raise SystemExit(130) from None

ENV = ROOT / ".venv"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.txt"
VENDOR = ROOT / "vendor"  # where a fork keeps the library, as a wheel
CARRIED = "malibook/bundled/requirements.txt"  # the lock that a wheel carries
STAMP = ENV / ".malibook-lock"
UV = "uv==0.13.9"  # an installer only: it never touches what is installed
# Advisories that were judged and do not concern this book: id -> reason. None at present.
AUDIT_EXCEPTIONS: dict[str, str] = {}
AUDITOR = "pip-audit==2.10.1"
AUDIT = ["pip-audit", "-r", "requirements.txt", "--require-hashes", "--disable-pip", "--strict"]
AUDIT += [word for name in AUDIT_EXCEPTIONS for word in ("--ignore-vuln", name)]
# The packages are those of the lock: JupyterLab looks for no newer ones, and for no news of its own.
LAB = ["--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate"]
LAB += ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
TASKS = {
    "build": ["-m", "malibook", "build"],
    "test": ["-m", "pytest"],
    "malibook": ["-m", "malibook"],
    "look": ["-m", "malibook", "look"],
    "lab": ["-m", "jupyterlab", *LAB],
    "bench": ["benchmarks/press.py"],
    "audit": ["-m", "uv", "tool", "run", "--from", AUDITOR, *AUDIT],
    "setup": [],
}


def main(argv: list[str]) -> int:
    """Run one task in the project's own environment; return its exit code."""
    if not argv or argv[0] in ("-h", "--help"):
        print(__doc__)
        print("commands:", ", ".join(TASKS))
        return 0
    if argv[0] == "raise" and VENDOR.is_dir():
        return raise_library(argv[1:])
    if argv[0] not in TASKS:
        print(f"run.py: no command {argv[0]!r}; choose from {', '.join(TASKS)}", file=sys.stderr)
        return 2
    problem = set_up()
    if problem:
        print(f"run.py: {problem}", file=sys.stderr)
        return 1
    task = TASKS[argv[0]]
    if argv[0] == "lab" and hasattr(os, "geteuid") and os.geteuid() == 0:
        task = [*task, "--allow-root"]  # in many containers there is nobody else, and Jupyter ends without it
    if not task:
        return 0
    return attended([str(PYTHON), *task, *argv[1:]], ours=task[:2] == TASKS["malibook"])


def attended(command: list[str], ours: bool = False) -> int:
    """Run a task and return its exit code. Ctrl-C reaches the task too, which ends what it started in its own order.

    A command of `ours` hears one request to end and no second: it is told also what was sent to this process alone, and
    ends where this process is killed. While its Python starts, Ctrl-C ends it without a traceback.
    """
    env, heard, ours = environment(), [], ours and os.name != "nt"
    if ours:
        env["MALIBOOK_PARENT"] = str(os.getpid())
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    with subprocess.Popen(command, cwd=ROOT, env=env) as child:
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:
                signal.signal(getattr(signal, name), lambda *_: child.terminate())
        signal.signal(signal.SIGINT, lambda *_: (heard.append(True), child.terminate()) if ours else None)
        if ours:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        code = child.wait()
    if heard and code == -signal.SIGTERM:
        raise KeyboardInterrupt  # it could not say so itself yet
    return code if code >= 0 else 128 - code


def set_up() -> str | None:
    """Make or refresh `.venv`; return what went wrong, or None."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the check is for whoever runs this with an older one
        return f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}"
    try:
        wanted = fingerprint()
    except FileNotFoundError as error:
        return str(error)
    before = STAMP.read_text().split() if PYTHON.exists() and STAMP.exists() else ["", ""]
    if before == wanted:
        return None
    fresh = before[0] != wanted[0]
    say("setting up .venv (first time, or the lock changed): about a minute" if fresh else "refreshing the library")
    for step, command in steps(fresh):
        say(step)
        if subprocess.run(command, cwd=ROOT, env=environment()).returncode:
            if step.startswith("fetching uv"):
                continue  # pip does the same work, only slower
            return f"step failed: {step}.\n{remedy(step)}"
    STAMP.write_text("\n".join(wanted))
    return None


def steps(fresh):
    """Yield (what it says, command); the later ones depend on whether uv could be had."""
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if fresh:
        STAMP.unlink(missing_ok=True)
        yield "making the environment", [sys.executable, "-m", "venv", "--clear", str(ENV)]
        if not os.environ.get("MALIBOOK_NO_UV"):
            yield "fetching uv, a fast installer", [*pip, UV]
    if (BIN / ("uv.exe" if os.name == "nt" else "uv")).exists():
        pip = [str(PYTHON), "-m", "uv", "pip", "install", "-q", "--compile-bytecode", "--python", str(PYTHON)]
    if fresh:
        yield "installing the pinned packages", [*pip, "--require-hashes", "-r", str(LOCK)]
    again = "--reinstall" if "uv" in pip else "--force-reinstall"
    source = [again, str(library())] if VENDOR.is_dir() else ["--no-build-isolation", "-e", str(ROOT)]
    yield "installing the library", [*pip, "--no-deps", *source]


def library() -> Path:
    """Return what says which library is installed: a fork's wheel, else this repository's own metadata."""
    if not VENDOR.is_dir():
        return ROOT / "pyproject.toml"
    wheels = sorted(VENDOR.glob("malibook-*.whl"))
    if len(wheels) != 1:
        found = ", ".join(path.name for path in wheels) or "none"
        raise FileNotFoundError(
            f"vendor/ must hold one wheel of the library, malibook-VERSION-py3-none-any.whl; it holds {found}"
        )
    return wheels[0]


def raise_library(argv: list[str]) -> int:
    """Put a newer wheel, and the lock that it carries, in the place of the old ones; put these back where it cannot be installed."""
    wheel = Path(argv[0]) if len(argv) == 1 else Path("none")
    try:
        with zipfile.ZipFile(wheel) as archive:
            lock, _ = archive.read(CARRIED), archive.getinfo("malibook/__init__.py")
        if not wheel.match("malibook-*.whl"):
            raise KeyError(wheel.name)
    except (OSError, KeyError, zipfile.BadZipFile):
        print(
            "run.py: name a wheel of the library: python run.py raise malibook-VERSION-py3-none-any.whl",
            file=sys.stderr,
        )
        return 2
    content, old = wheel.read_bytes(), {path: path.read_bytes() for path in [*VENDOR.glob("malibook-*.whl"), LOCK]}
    replace({VENDOR / wheel.name: content, LOCK: lock})
    problem = set_up()
    if problem:
        replace(old)
        print(f"run.py: {problem}\nThe library and the lock are again the ones before.", file=sys.stderr)
        return 1
    say(f"the library is now {wheel.name}; next: python run.py test")
    return 0


def replace(files: dict[Path, bytes]) -> None:
    """Write these files, and take away every wheel that is not among them."""
    for path, content in files.items():
        path.write_bytes(content)
    for path in VENDOR.glob("malibook-*.whl"):
        if path not in files:
            path.unlink()


def fingerprint() -> list[str]:
    """Return two hashes: of what the packages depend on (lock, Python, place), and of the library's own metadata."""
    parts = (LOCK.read_bytes(), sys.version.encode(), os.fsencode(ROOT))
    return [hashlib.sha256(p).hexdigest() for p in (b"\0".join(parts), library().read_bytes())]


def environment() -> dict[str, str]:
    """Return the environment of a task: our tools first on the path, bytecode kept, one BLAS thread."""
    env = dict(os.environ)
    env["PATH"] = str(BIN) + os.pathsep + env.get("PATH", "")
    env["VIRTUAL_ENV"] = str(ENV)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # without bytecode each kernel recompiles pandas: twice as slow
    env.pop("PYTHONHOME", None)
    env.setdefault("PYTHONUTF8", "1")  # on Windows a redirected output would else not take every letter
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        env.setdefault(name, "1")
    return env


def remedy(step: str) -> str:
    """Return what the user can do about a failed step."""
    if step.startswith("making"):
        return "On Debian or Ubuntu: apt install python3-venv. Elsewhere: check that the folder can be written."
    if shutil.disk_usage(ROOT).free < 2 * 2**30:
        return "Less than 2 GB is free on this disk; the environment needs about 1 GB."
    if step.startswith("installing the pinned") and sys.version_info >= (3, 14):
        return "Not every package has a ready wheel for this Python: use 3.11 to 3.13, or install a C compiler."
    return "Check the connection to your package registry, then run the command again."


def say(text: str) -> None:
    """Print one progress line at once."""
    print(f"[setup] {text} …", flush=True)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("run.py: interrupted; run the same command again", file=sys.stderr)
        raise SystemExit(130) from None
