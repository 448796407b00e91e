"""Frames on the socket between the grader and a process of its own: a nonce, a length, JSON.

Whatever does not begin with the nonce of this one run (bytes that a submission writes to every open file) ends the talk.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from typing import Any

LONGEST = 4_000_000
NONCE = 32


class BrokenTalkError(OSError):
    """What came is no frame of this run, or too long a one."""


def new_nonce() -> bytes:
    """Return an unguessable name for one run."""
    return os.urandom(NONCE // 2).hex().encode()


def send(to: socket.socket, nonce: bytes, message: dict[str, Any]) -> None:
    """Write one frame."""
    body = json.dumps(message, ensure_ascii=True).encode()
    to.sendall(nonce + b"%08x" % len(body) + body)


class Frames:
    """Reads frames out of bytes as they come. With `nonce` None the first frame tells it."""

    def __init__(self, nonce: bytes | None) -> None:
        self.nonce, self._buffer = nonce, b""

    def feed(self, more: bytes) -> Iterator[dict[str, Any]]:
        """Yield the frames that are complete with these bytes; raise `BrokenTalkError` where they are none."""
        self._buffer += more
        while len(self._buffer) >= NONCE + 8:
            head = self._buffer[:NONCE]
            self.nonce = self.nonce or head
            try:
                size = int(self._buffer[NONCE : NONCE + 8], 16)
            except ValueError:
                raise BrokenTalkError("no length") from None
            if head != self.nonce or not 0 <= size <= LONGEST:
                raise BrokenTalkError("not a frame of this run")
            if len(self._buffer) < NONCE + 8 + size:
                break
            body, self._buffer = self._buffer[NONCE + 8 : NONCE + 8 + size], self._buffer[NONCE + 8 + size :]
            yield self._parsed(body)

    @staticmethod
    def _parsed(body: bytes) -> dict[str, Any]:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            raise BrokenTalkError("no JSON") from None
        if not isinstance(message, dict):
            raise BrokenTalkError("no message")
        return message


def first(of: socket.socket) -> tuple[bytes, dict[str, Any]]:
    """Wait for the first frame; return its nonce and message."""
    frames = Frames(None)
    while more := of.recv(1 << 16):
        for found in frames.feed(more):
            return frames.nonce or b"", found
    raise BrokenTalkError("ended before the first frame")
