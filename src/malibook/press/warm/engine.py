"""The papermill engine `malibook-warm`, usable as `papermill --engine malibook-warm in.ipynb out.ipynb`."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from papermill.engines import NBClientEngine

from malibook.errors import BookError
from malibook.press import processes
from malibook.press.warm.environment import press_environment, quiet_home, warm_up
from malibook.press.warm.keeper import available, keeper

LONGEST = (
    96  # bytes in the path of a folder for sockets: the system takes 107 with the name; behind a longer one ports serve
)
# Told of each cell as it starts: its number, counted from one, and how many there are.
watch: ContextVar[Callable[[int, int], None] | None] = ContextVar("watch", default=None)


class WarmProvisioner(LocalProvisioner):
    """Provides a kernel by forking the warm parent instead of starting a Python."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel and return its connection, as a local provisioner does."""
        env = {k: v for k, v in (kwargs.get("env") or os.environ).items() if v is not None}
        file, cwd = self.parent.connection_file, kwargs.get("cwd")
        try:
            self.process = keeper(env).fork(file, cwd, env)
        except BookError:  # somebody ended the warm parent; a new one costs seconds, a failed chapter the build
            self.process = keeper(env).fork(file, cwd, env)
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class PressKernelManager(AsyncKernelManager):
    """A kernel manager whose Python kernels are forked where that can be had, and run in the press's environment."""

    _started = 0  # the kernel's process, which leads a group

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        kwargs["env"] = press_environment()
        if sys.platform == "linux":  # sockets in a folder of our own: no port to race for, nothing on the network
            self._folder = tempfile.TemporaryDirectory(prefix="k-", dir=quiet_home(), ignore_cleanup_errors=True)
            if len(os.fsencode(self._folder.name)) <= LONGEST:
                self.transport, self.connection_file = "ipc", f"{self._folder.name}/kernel.json"
                self.ip = f"{self._folder.name}/k"
        if available() and self.provisioner is None and self.kernel_spec.language == "python":
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)

    async def _async_post_start_kernel(self, **kwargs: Any) -> None:
        await super()._async_post_start_kernel(**kwargs)
        self._started = pid = getattr(self.provisioner, "pid", None) or 0
        if pid:
            processes.note(id(self), lambda: _kill(pid))

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        processes.forget(id(self))
        if self._started:
            _kill(self._started)  # what a cell started and left behind, and a kernel whose warm parent was killed
        self._started = 0
        await super()._async_cleanup_resources(restart)


def _kill(pid: int) -> None:
    """End a kernel and all that it started: each kernel leads a process group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL) if hasattr(os, "killpg") else os.kill(pid, signal.SIGTERM)


class WarmEngine(NBClientEngine):
    """papermill's own engine with warm kernels; with ordinary ones where forking is not to be had."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Execute the notebook; the arguments are those of papermill's engine."""
        kwargs.setdefault("kernel_manager_class", PressKernelManager)
        _announce(nb_man, watch.get())
        _save_seldom(nb_man)
        warm_up(cell.source for cell in nb_man.nb.cells if cell.cell_type == "code")
        done = super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        nb_man.save = lambda **_: None  # papermill writes the notebook itself now, whole or with the error of a cell
        return done


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
