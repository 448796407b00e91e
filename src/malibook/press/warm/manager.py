"""Kernel managers that fork their Python kernels from a warm parent where that can be had."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from malibook.errors import BookError
from malibook.press import processes
from malibook.press.warm.client import WarmKernelClient
from malibook.press.warm.environment import press_environment, quiet_home
from malibook.press.warm.keeper import ForkedKernel, available, keeper

LOOK = (
    0.01  # seconds between two looks whether a kernel has ended; jupyter_client's tenth is as long as its ending takes
)
LONGEST = 100  # bytes of a socket's path, of 107 that Linux takes


class WarmProvisioner(LocalProvisioner):
    """Provides a kernel by forking the warm parent; by starting a Python where the kernel is to be another one."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork or start the kernel and return its connection, as a local provisioner does."""
        env = {k: v for k, v in (kwargs.get("env") or os.environ).items() if v is not None}
        kernel = self._forked(cmd, kwargs.get("cwd") or os.getcwd(), env) if of_this_python(cmd) else None
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid
        return self.connection_info

    def _forked(self, cmd: list[str], cwd: str, env: dict[str, str]) -> ForkedKernel | None:
        for _ in range(2):  # somebody may have ended the warm parent, and a new one costs seconds only
            with contextlib.suppress(BookError):
                return keeper(env).fork(cmd, os.path.abspath(cwd), env, self.parent.of_press)
        return None  # the ordinary kernel tells what is wrong, if anything


def of_this_python(cmd: list[str]) -> bool:
    """Return whether a kernel's command is this environment's Python with ipykernel, and no options of Python's own."""
    if cmd[1:3] != ["-m", "ipykernel_launcher"]:
        return False
    here, there = sys.executable, os.path.expanduser(cmd[0])
    with contextlib.suppress(OSError):  # links count: those of an environment lead out of it
        return os.path.samefile(os.path.dirname(here), os.path.dirname(there)) and os.path.samefile(here, there)
    return False


class WarmKernelManager(AsyncKernelManager):
    """A kernel manager whose Python kernels are forked where that can be had; else an ordinary one."""

    _started = 0  # the kernel's process, which leads a group
    forks = True  # False for notebooks that could tell the difference
    # whether the press runs the notebook: in an environment of its own, and nobody reads what it prints
    of_press = False

    @classmethod
    def environment(cls) -> dict[str, str]:
        """Return the environment that kernels of this manager get."""
        return dict(os.environ)

    def client(self, **kwargs: Any) -> WarmKernelClient:
        """Return a client for the kernel; nbclient names jupyter_client's own."""
        self.client_factory = WarmKernelClient
        return super().client(**kwargs)

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        if self.of_press:
            kwargs["env"] = self.environment()
        if sys.platform == "linux":
            self._use_own_sockets()
        remote = "kernel_provisioner" in (self.kernel_spec.metadata or {})
        if self.forks and available() and self.provisioner is None and not remote:
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)

    def _use_own_sockets(self) -> None:
        """Put the sockets into a folder of our own: no port to race for, nothing on the network."""
        where = quiet_home() if self.of_press else None  # which goes where the press is killed
        self._folder = tempfile.TemporaryDirectory(prefix="k-", dir=where, ignore_cleanup_errors=True)
        if len(os.fsencode(self._folder.name)) + len("/k-5") > LONGEST:
            self._folder.cleanup()  # jupyter_client's own way then
            return
        self.transport, self.connection_file = "ipc", f"{self._folder.name}/kernel.json"
        self.ip = f"{self._folder.name}/k"

    async def _async_post_start_kernel(self, **kwargs: Any) -> None:
        await super()._async_post_start_kernel(**kwargs)
        self._started = pid = getattr(self.provisioner, "pid", None) or 0
        if pid:
            processes.note(id(self), lambda: _kill(pid))

    async def _async_finish_shutdown(
        self, waittime: float | None = None, pollinterval: float = LOOK, restart: bool = False
    ) -> None:
        await super()._async_finish_shutdown(waittime, pollinterval, restart)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        processes.forget(id(self))
        if self._started and self.of_press:
            _kill(self._started)  # what a cell started and left behind, and a kernel whose warm parent was killed
        self._started = 0
        await super()._async_cleanup_resources(restart)
        if not restart and hasattr(self, "_folder"):
            self._folder.cleanup()


class PressKernelManager(WarmKernelManager):
    """A kernel manager whose kernels run in the press's environment."""

    of_press = True

    @classmethod
    def environment(cls) -> dict[str, str]:
        """Return the press's environment."""
        return press_environment()


def _kill(pid: int) -> None:
    """End a kernel and all that it started: each kernel leads a process group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL) if hasattr(os, "killpg") else os.kill(pid, signal.SIGTERM)
