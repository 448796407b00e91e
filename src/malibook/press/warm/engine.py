"""The papermill engine `malibook-warm`, usable as `papermill --engine malibook-warm in.ipynb out.ipynb`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from papermill.engines import NBClientEngine

from malibook.errors import BookError
from malibook.press.imports import worth_loading
from malibook.press.warm.early import looks_at_loading
from malibook.press.warm.keeper import available, keeper
from malibook.press.warm.manager import WarmKernelManager
from malibook.press.warm.outputs import hasten

# Told of each cell as it starts: its number, counted from one, and how many there are.
watch: ContextVar[Callable[[int, int], None] | None] = ContextVar("watch", default=None)


class WarmEngine(NBClientEngine):
    """papermill's own engine with warm kernels; with ordinary ones where forking is not to be had."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Execute the notebook; the arguments are those of papermill's engine."""
        hasten()
        kwargs["kernel_manager_class"] = _manager(nb_man.nb, kwargs.get("kernel_manager_class") or WarmKernelManager)
        _announce(nb_man, watch.get())
        _save_seldom(nb_man)
        done = super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        nb_man.save = lambda **_: None  # papermill writes the notebook itself now, whole or with the error of a cell
        return done


def _manager(nb: Any, asked: Any) -> Any:
    """Return the class of kernel managers for a notebook, with its warm parent started; a stranger is left as it is."""
    if not (isinstance(asked, type) and issubclass(asked, WarmKernelManager)):
        return asked
    code = [cell.source for cell in nb.cells if cell.cell_type == "code"]
    if looks_at_loading(code):
        return type("OrdinaryKernelManager", (asked,), {"forks": False})
    if available() and nb.metadata.get("kernelspec", {}).get("language", "python") == "python":
        with contextlib.suppress(BookError):  # then an ordinary kernel
            keeper(asked.environment(), worth_loading(code))
    return asked


def _announce(nb_man: Any, tell: Callable[[int, int], None] | None) -> None:
    """Have each cell announced as it starts, where anybody listens."""
    if tell is None:
        return
    start, cells = nb_man.cell_start, len(nb_man.nb.cells)

    def cell_start(cell: Any, cell_index: int | None = None, **more: Any) -> Any:
        tell((cell_index or 0) + 1, cells)
        return start(cell, cell_index, **more)

    nb_man.cell_start = cell_start


def _save_seldom(nb_man: Any, seconds: float = 20.0) -> None:
    """Let papermill save a running notebook now and then, not twice a cell: with figures in it that is megabytes each time.

    It saves once more where the kernel ends the run.
    """
    save, last = nb_man.save, time.monotonic()

    def seldom(**more: Any) -> None:
        nonlocal last
        if nb_man.nb.metadata.papermill.get("end_time") or time.monotonic() - last > seconds:
            last = time.monotonic()
            save(**more)

    nb_man.save = seldom
