"""The press's side of a conversation with a kernel."""

from __future__ import annotations

from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient


class WarmKernelClient(AsyncKernelClient):
    """A client that begins as soon as the kernel is heard on every channel.

    jupyter_client's own then listens for another fifth of a second, in case there is more: a quarter of a small notebook's
    time. What a kernel says last of a question is that it is idle again; when that has come, nothing more will.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        listen, settled = self.iopub_channel.get_msg, False

        async def get_msg(timeout: float | None = None) -> dict[str, Any]:
            nonlocal settled
            if settled:
                raise Empty
            message = await listen(timeout=timeout)
            settled = _is_end(message)
            return message

        self.iopub_channel.get_msg = get_msg
        try:
            await super()._async_wait_for_ready(timeout)
        finally:
            del self.iopub_channel.get_msg

    wait_for_ready = _async_wait_for_ready


def _is_end(message: dict[str, Any]) -> bool:
    """Return whether a message says that the question what kernel this is has been answered in full."""
    asked = message["parent_header"].get("msg_type")
    return asked == "kernel_info_request" and message["content"].get("execution_state") == "idle"
