"""The client of a warm kernel: it begins when the kernel has been heard to the end, and not before."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from queue import Empty

import pytest
from jupyter_client.asynchronous import AsyncKernelClient

from malibook.press.warm import environment
from malibook.press.warm.client import WarmKernelClient


def message(state: str, asked: str = "kernel_info_request") -> dict:
    return {"parent_header": {"msg_type": asked}, "content": {"execution_state": state}}


class Channel:
    """What a kernel says, message by message; then nothing, for as long as somebody listens."""

    def __init__(self, said: list[dict]) -> None:
        self.said, self.in_vain = said, 0

    async def get_msg(self, timeout: float | None = None) -> dict:
        if not self.said:
            self.in_vain += 1
            raise Empty
        return self.said.pop(0)


@pytest.mark.parametrize(
    ("said", "in_vain"),
    [
        ([message("busy"), message("idle")], 0),
        ([message("starting", ""), message("busy"), message("idle"), message("starting", "")], 0),
        ([message("busy")], 1),  # its end is not heard: as jupyter_client's own, listen until nothing comes
        ([message("idle", "execute_request")], 1),
    ],
)
def test_it_listens_in_vain_only_where_the_end_was_not_heard(monkeypatch, said, in_vain):
    async def as_upstream(self, timeout=None):
        with pytest.raises(Empty):
            while True:
                await self.iopub_channel.get_msg(timeout=0.2)

    channel = Channel(said)
    monkeypatch.setattr(AsyncKernelClient, "_async_wait_for_ready", as_upstream)
    monkeypatch.setattr(WarmKernelClient, "iopub_channel", channel)
    asyncio.run(WarmKernelClient().wait_for_ready())
    assert channel.in_vain == in_vain
    assert "get_msg" not in vars(channel), "the channel is as it was"


def test_threads_that_ask_at_once_get_one_folder():
    environment._made_home.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: environment.quiet_home(), range(64)))) == 1
