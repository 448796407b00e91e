"""Sphinx's pages read and written in several processes, each its share: resolving a page's references is half of writing it.

Sphinx's own way leaves all resolving to one process, gives out pages in batches, and takes over what was read in the order in
which processes end. Here the compiler forks, each process does its share from beginning to end, and the first one takes over
what the others learned in the order of the pages, so that the same pages give the same book on any number of cores.
"""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.parallel import ParallelTasks, parallel_available

from malibook.press.forks import shares
from malibook.startup import end_with_parent

FEWEST = 4  # pages for which it is worth forking: a process costs as much as a small page
MOST_READERS = 4  # what each of them learned has to be taken over, one after the other
MOST_WRITERS = 8
MARKDOWN = 3
NUMBERS = 300_000  # the page of all numbers holds none of them: they are made as it is read
_INCLUDED = re.compile(r"^:::+\{include\} *(\S+)", re.M)


def work_side_by_side(app: Sphinx, processes: int) -> None:
    """Let Sphinx read its pages, and write them as HTML, in so many processes, where it can fork."""
    if processes > 1 and parallel_available:
        app.connect("builder-inited", lambda app: _share_out(app.builder, processes))


def stretches(names: Sequence[str], weight: Callable[[str], int], count: int) -> list[list[str]]:
    """Return names cut into at most `count` stretches of about the same weight, their order kept."""
    out: list[list[str]] = [[] for _ in range(count)]
    whole, before = sum(map(weight, names)) or 1, 0
    for name in names:
        middle = before + weight(name) / 2
        out[min(count - 1, int(count * middle / whole))].append(name)
        before += weight(name)
    return [stretch for stretch in out if stretch]


def reading(page: Path) -> int:
    """Return how long a page takes to read, in bytes of a notebook: Markdown takes thrice as long a byte, what it includes too."""
    size = page.stat().st_size
    if page.suffix != ".md":
        return size
    text = page.read_text(encoding="utf-8")
    included = [page.parent / name for name in _INCLUDED.findall(text)]
    sizes = [file.stat().st_size for file in included if file.is_file() and not _is_raw(file)]
    return MARKDOWN * (size + sum(sizes)) + (NUMBERS if ":::{every-number}" in text else 0)


def _is_raw(file: Path) -> bool:
    with file.open(encoding="utf-8") as lines:
        return "{raw}" in next(lines, "")


def _share_out(builder: Builder, processes: int) -> None:
    builder._read_serial = partial(_read, builder, builder._read_serial, min(processes, MOST_READERS))
    if builder.format == "html":
        builder._write_serial = partial(_write, builder, builder._write_serial, min(processes, MOST_WRITERS))


def _read(builder: Builder, read: Callable[[list[str]], None], processes: int, names: list[str]) -> None:
    if len(names) < FEWEST:
        return read(names)
    own, *others = stretches(names, lambda name: reading(Path(builder.env.doc2path(name))), processes)
    learned: dict[str, bytes] = {}
    tasks = ParallelTasks(len(others) or 1)
    for share in others:
        for name in share:
            builder.events.emit("env-purge-doc", builder.env, name)
            builder.env.clear_doc(name)
        tasks.add_task(
            partial(_read_share, builder, os.getpid()), share, lambda names, env: learned.update({names[0]: env})
        )
    read(own)
    tasks.join()
    for share in others:
        builder.env.merge_info_from(share, pickle.loads(learned[share[0]]), builder.app)


def _read_share(builder: Builder, parent: int, share: Sequence[str]) -> bytes:
    """Read a share of the pages in a process of its own; return what was learned, which Sphinx can merge."""
    end_with_parent(parent)
    for name in share:
        builder.read_doc(name, _cache=False)
    return pickle.dumps(builder.env, pickle.HIGHEST_PROTOCOL)


def _write(builder: Builder, write: Callable[[Sequence[str]], None], processes: int, names: Sequence[str]) -> None:
    if len(names) < FEWEST:
        return write(names)
    weigh = partial(_weight, builder)
    first = min(names, key=lambda name: (weigh(name), name))
    write([first])  # compiles the templates, once for all
    own, *others = shares(set(names) - {first}, weigh, processes)
    tasks = ParallelTasks(len(others) or 1)
    for share in others:
        tasks.add_task(
            partial(_written, builder, write, os.getpid()), share, lambda _, images: builder.images.update(images)
        )
    write(own)
    tasks.join()


def _written(
    builder: Builder, write: Callable[[Sequence[str]], None], parent: int, share: Sequence[str]
) -> dict[str, Any]:
    """Write a share of the pages in a process of its own; return the pictures in them, which Sphinx copies at the end."""
    end_with_parent(parent)
    write(share)
    return builder.images


def _weight(builder: Builder, name: str) -> int:
    """Return how much there is in a page: the size of its tree on disk."""
    return Path(builder.doctreedir, f"{name}.doctree").stat().st_size
