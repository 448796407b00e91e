"""The papermill engine `malibook-warm`, usable as `papermill --engine malibook-warm in.ipynb out.ipynb`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from papermill.engines import NBClientEngine

from malibook.evidence import root
from malibook.press.warm.keeper import available, keeper


class WarmProvisioner(LocalProvisioner):
    """Provides a kernel by forking the warm parent instead of starting a Python."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel and return its connection, as a local provisioner does."""
        env = {k: v for k, v in (kwargs.get("env") or os.environ).items() if v is not None}
        self.process = keeper(env).fork(self.parent.connection_file, kwargs.get("cwd"), env)
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class PressKernelManager(AsyncKernelManager):
    """A kernel manager whose Python kernels are forked where that can be had, and run in the press's environment."""

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        kwargs["env"] = press_environment()
        if sys.platform == "linux":  # sockets in a folder of our own: no port to race for, nothing on the network
            self._folder = tempfile.TemporaryDirectory(prefix="mali-")
            self.transport, self.connection_file = "ipc", f"{self._folder.name}/kernel.json"
            self.ip = f"{self._folder.name}/k"
        if available() and self.provisioner is None and self.kernel_spec.language == "python":
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)


class WarmEngine(NBClientEngine):
    """papermill's own engine with warm kernels; with ordinary ones where forking is not to be had."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Execute the notebook; the arguments are those of papermill's engine."""
        kwargs.setdefault("kernel_manager_class", PressKernelManager)
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


def warm_up() -> None:
    """Start the warm parent now, so that it imports while the press does something else."""
    if available():
        keeper(press_environment())


def press_environment() -> dict[str, str]:
    """Return a kernel's environment: this book, no user's start-up files, a fixed hash seed, one BLAS thread."""
    quiet = Path(tempfile.gettempdir()) / f"malibook-ipython-{os.getuid() if hasattr(os, 'getuid') else 0}"
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # without bytecode every kernel compiles pandas anew
    return env | {
        "MALIBOOK_ROOT": str(root()),
        "IPYTHONDIR": str(quiet),
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
