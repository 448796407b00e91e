"""The papermill engine `malibook-warm`, usable as `papermill --engine malibook-warm in.ipynb out.ipynb`."""

from __future__ import annotations

import os
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from papermill.engines import NBClientEngine

from malibook.press.warm.keeper import available, keeper


class WarmProvisioner(LocalProvisioner):
    """Provides a kernel by forking the warm parent instead of starting a Python."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel and return its connection, as a local provisioner does."""
        env = {k: v for k, v in (kwargs.get("env") or os.environ).items() if v is not None}
        self.process = keeper(env).fork(self.parent.connection_file, kwargs.get("cwd"), env)
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class WarmKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels are forked; for kernels other than this Python it behaves as usual."""

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        if self.provisioner is None and self.kernel_spec.language == "python":
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)


class WarmEngine(NBClientEngine):
    """papermill's own engine with warm kernels; with ordinary ones where forking is not to be had."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Execute the notebook; the arguments are those of papermill's engine."""
        if available():
            kwargs.setdefault("kernel_manager_class", WarmKernelManager)
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
