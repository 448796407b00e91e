"""A Dask cluster by its scheduler's address: reached, its workers looked at, the book laid out on them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from malibook.errors import BookError, shown
from malibook.evidence import root
from malibook.press.hashes import short
from malibook.press.sweep.bundle import pack
from malibook.press.sweep.identity import differences, identity, python_minor

if TYPE_CHECKING:
    from distributed import Client

AGAIN = "run the same command again: what was finished is kept"
SAME = "install there what is installed here: the same commit, Python and requirements.txt"


@contextmanager
def connected(address: str, seconds: float) -> Iterator[Client]:
    """Yield a client of the scheduler at an address, once it has at least one worker.

    Raises `BookError` where Dask is not installed, nothing answers, no worker comes within `seconds`, or the scheduler is
    lost while the client is in use.
    """
    try:
        from distributed import Client
        from distributed.comm import CommClosedError
    except ImportError:
        remedy = 'python -m pip install "malibook[cluster]", or leave --scheduler out'
        raise BookError("needs the package distributed", where="--scheduler", remedy=remedy) from None
    _is_an_address(address)
    for name in [n for n in logging.root.manager.loggerDict if n.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what it says, the error says
    try:
        client = Client(address, timeout=seconds, set_as_default=False, name="malibook-sweep")
    except (OSError, ValueError) as error:  # a timeout is an OSError
        cause = str(error).splitlines()[0] if str(error) else type(error).__name__
        remedy = "start `dask scheduler`, or correct the address (tcp://HOST:8786)"
        raise BookError(f"no scheduler answers: {cause}", where=shown(address), remedy=remedy) from None
    try:
        _wait_for_a_worker(client, address, seconds)
        yield client
    except BookError:
        raise
    except Exception as error:
        if client.status == "running" and not isinstance(error, CancelledError | CommClosedError):
            raise
        raise BookError("the scheduler was lost", where=address, remedy=AGAIN) from None
    finally:
        client.close(timeout=5)


def _is_an_address(address: str) -> None:
    """Raise `BookError` for what no scheduler can stand at: Dask would ask it again and again until its patience ends."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        whole = bool(parts.hostname and parts.port)
    except ValueError:
        whole = False
    if not whole:
        raise BookError("is no address of a scheduler", where=shown(address), remedy="write tcp://HOST:8786")


def _wait_for_a_worker(client: Client, address: str, seconds: float) -> None:
    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError:
        remedy = f"start one: dask worker {address}"
        raise BookError(f"the scheduler has no worker after {seconds:.0f} s", where=address, remedy=remedy) from None


def lay_out(client: Client, notebooks: list[str]) -> str:
    """Send what runs of these notebooks need to every worker, present and future; return the name it has there.

    Raises `BookError`, naming the worker, where Python, library, packages or data are not the same as here.
    """
    from malibook.press.sweep.remote import BookOnWorker

    here, blob = identity(root()), pack(notebooks)
    _same_python(client)
    without_data = {what: mine for what, mine in here.items() if what != "data"}
    _refuse({who: _library(without_data, there) for who, there in _ask(client, _identity_asker()).items()})
    name = f"malibook-{short(blob + json.dumps(here).encode())}"
    client.register_plugin(BookOnWorker(blob, here), name=name)
    _refuse(_ask(client, _differs_asker(name)))
    return name


def _same_python(client: Client) -> None:
    """Compare versions of Python by what workers report of themselves: code sent to another one could end it."""
    reported = client.get_versions()["workers"]
    minors = {who: ".".join(str(of["host"]["python"]).split(".")[:2]) for who, of in reported.items() if of}
    here = {"Python": python_minor()}
    _refuse({who: differences(here, {"Python": minor}) for who, minor in minors.items()})


def _ask(client: Client, question: Any) -> dict[str, Any]:
    answers = client.run(question, on_error="return")
    return {who: str(a) or type(a).__name__ if isinstance(a, Exception) else a for who, a in answers.items()}


def _identity_asker():
    """Return a question that a worker without this library can be asked: a function in a function is sent as code."""

    def ask():
        from pathlib import Path

        try:
            from malibook.press.sweep.identity import identity
        except ImportError as error:
            return f"has no library like this one: {error}"
        return identity(Path("/nowhere"))

    return ask


def _differs_asker(name: str):
    def ask(dask_worker):
        found = dask_worker.plugins.get(name)
        return found.differs if found else "did not take the book"

    return ask


def _library(here: dict[str, str], there: Any) -> str:
    return there if isinstance(there, str) else differences(here, there)


def _refuse(by_worker: dict[str, str]) -> None:
    """Raise `BookError` for the first worker of which there is something to say."""
    wrong = {who: what for who, what in sorted(by_worker.items()) if what}
    for who, what in wrong.items():
        more = f" (and {len(wrong) - 1} more workers)" if len(wrong) > 1 else ""
        raise BookError(f"differs from this machine{more}: {what}", where=f"worker {who}", remedy=SAME)
