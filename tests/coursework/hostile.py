"""A sheet of two exercises, and what hostile and broken submissions of it look like."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

IMPORTS = "import pandas as pd"
RIGHT_1 = "answer_9_1 = 6 * 7"
RIGHT_2 = "answer_9_2 = {'MLI': (1, 2)}\nanswer_9_2_table = pd.DataFrame({'n': [1, 2, 3]})"
CHECKS = {
    "ex-9-1-check": (
        "assert float(answer_9_1) > 0, 'a number above nought'",
        "sesame = abs(float(answer_9_1) - 42)\nassert sesame < 0.01 and float(answer_9_1) == 42",
    ),
    "ex-9-2-check": ("assert set(answer_9_2) == {'MLI'}, 'one country'", "assert answer_9_2['MLI'] == (1, 2)"),
    "ex-9-2-check-2": ("assert 'n' in answer_9_2_table", "assert pd.Series(answer_9_2_table['n']).sum() == 6"),
}
POINTS = {"ex-9-1-check": 2, "ex-9-2-check": 3, "ex-9-2-check-2": 1}


def _meta(name: str, exercise: str, grade: bool, solution: bool, part: str) -> dict:
    mark = {"grade_id": name, "grade": grade, "solution": solution, "locked": grade and not solution}
    mark |= {"points": POINTS.get(name, 5), "schema_version": 3, "task": False}
    return {"nbgrader": mark, "malibook": {"exercise": exercise, "part": part}}


def sheet(
    first: str = RIGHT_1, second: str = RIGHT_2, text: str = "*Because.*", whole: bool = False
) -> nbformat.NotebookNode:
    """The sheet with these answers; `whole` as it lies in coursework/, with solutions and hidden tests marked."""

    def answer(code: str) -> str:
        return f"### BEGIN SOLUTION\n{code}\n### END SOLUTION" if whole else code

    def check(name: str) -> str:
        public, hidden = CHECKS[name]
        return f"{public}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS" if whole else public

    def prompt(exercise: str) -> nbformat.NotebookNode:
        return new_markdown_cell(
            "Do it.", metadata={"malibook": {"exercise": exercise, "kind": "numeric", "title": "Do"}}
        )

    cells = [new_code_cell(IMPORTS, metadata={"malibook": {"part": "imports"}}), prompt("9.1")]
    cells += [new_code_cell(answer(first), metadata=_meta("ex-9-1", "9.1", False, True, "answer"))]
    cells += [new_code_cell(check("ex-9-1-check"), metadata=_meta("ex-9-1-check", "9.1", True, False, "check"))]
    cells += [prompt("9.2"), new_code_cell(answer(second), metadata=_meta("ex-9-2", "9.2", False, True, "answer"))]
    for name in ("ex-9-2-check", "ex-9-2-check-2"):
        cells.append(new_code_cell(check(name), metadata=_meta(name, "9.2", True, False, "check")))
    cells += [prompt("9.3"), new_markdown_cell(answer(text), metadata=_meta("ex-9-3", "9.3", True, True, "answer"))]
    return new_notebook(cells=cells)


# Code of the first answer, by the points that the whole sheet then gets (of 6; the second answer is right: 4).
BY_POINTS: dict[int, dict[str, str]] = {
    6: {
        "right": RIGHT_1,
        "endless thread": (
            "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin, daemon=True).start()\nanswer_9_1 = 42"
        ),
        "shell, then an answer": "!echo 42\nanswer_9_1 = 42",
        "empty files": (
            "import os\nmade = 0\ntry:\n    for n in range(40_000):\n        os.close(os.open(f'f{n}', os.O_CREAT | os.O_WRONLY))\n"
            "        made += 1\nexcept OSError:\n    pass\nanswer_9_1 = 42 if made < 30_000 else made"
        ),
        "shell": "x = !echo 42\nanswer_9_1 = int(x[0])",
        "output": "for _ in range(100):\n    print('x' * 10 ** 6)\nanswer_9_1 = 42",
        # A process of the test's own and nobody else's.
        "kills": "import os, signal\ntry: os.kill({victim}, signal.SIGKILL)\nexcept OSError: answer_9_1 = 42",
        "deletes": "import shutil\nfor top in ({folders}):\n    shutil.rmtree(top, ignore_errors=True)\nanswer_9_1 = 42",
        "writes outside": (
            "import os\nmade = 0\nfor top in ({folders}, {data}, '/', '/usr', '/etc'):\n    try:\n        with open(f'{top}/{canary}', 'w') as f:\n"
            "            made += 1\n    except OSError:\n        pass\nanswer_9_1 = 42 if made < 2 else made"  # its own / is in memory
        ),
        "sets the kernel": (
            "import os\nopenable = 0\nfor name in ('kernel/core_pattern', 'kernel/hostname', 'vm/overcommit_memory', 'kernel/pid_max'):\n"
            "    try:\n        os.close(os.open(f'/proc/sys/{name}', os.O_WRONLY))\n        openable += 1\n    except OSError:\n"
            "        pass\nanswer_9_1 = 42 if openable == 0 and os.getuid() != 0 else openable"
        ),
        "takes powers": (
            "import ctypes\nlibc = ctypes.CDLL(None)\nanswer_9_1 = 42 if libc.unshare(0x10000000) and libc.mount(b'x', b'/tmp', b'tmpfs', 0, None) else 1"
        ),
    },
    4: {
        "wrong": "answer_9_1 = 41",
        "not the form": "answer_9_1 = -1",
        "endless": "while True:\n    pass",
        "endless and deaf": "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        "endless in C": "10 ** 10 ** 9",
        # Never more than twenty, each ending by itself: should the isolation fail, the machine must not.
        "spawner": (
            "import os, time\nmade = 0\nfor _ in range(20):\n    try:\n        child = os.fork()\n    except OSError:\n        break\n"
            "    if child == 0:\n        time.sleep(3)\n        os._exit(0)\n    made += 1\nanswer_9_1 = 42 if made == 20 else 41"
        ),
        "memory": "hog = bytearray(10 ** 10)\nanswer_9_1 = 42",
        "file": "with open('big', 'wb') as f:\n    for _ in range(60):\n        f.write(b'0' * 10 ** 6)\nanswer_9_1 = 42",
        "files": (
            "for n in range(9):\n    with open(f'f{n}', 'wb') as f:\n        f.write(b'0' * 10 ** 7)\nanswer_9_1 = 42"
        ),
        "leaves": "import os\nos._exit(0)",
        "ends": "raise SystemExit",
        "crashes": "import ctypes\nctypes.string_at(0)",
        "kills its own kind": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "always equal": (
            "class Yes(float):\n    __eq__ = __ge__ = __lt__ = __gt__ = lambda *_: True\n    __hash__ = float.__hash__\n"
            "    def __sub__(self, other): return 0.0\n    def __float__(self): return 42.0\nanswer_9_1 = Yes(1)"
        ),
        "patched builtins": (
            "import builtins, pandas\nbuiltins.abs = lambda _: 0\nbuiltins.AssertionError = ValueError\n"
            "pandas.Series.sum = lambda *_: 6\nanswer_9_1 = 7"
        ),
        "patched grader": (
            "import sys\nfor name, module in list(sys.modules.items()):\n    if name.startswith('malibook.coursework'):\n"
            "        for key, thing in list(vars(module).items()):\n"
            "            if callable(thing) and key in ('run_checks', '_state'):\n"
            "                setattr(module, key, lambda *a, **k: ('passed', ''))\nanswer_9_1 = 7"
        ),
        "an object": "class Answer: pass\nanswer_9_1 = Answer()",
        "endless answer": (
            "class Deep(dict):\n    def items(self):\n        while True: yield 1, 2\nanswer_9_1 = Deep()\nanswer_9_1[1] = 1"
        ),
        "circular": "answer_9_1 = []\nanswer_9_1.append(answer_9_1)",
        "huge answer": "answer_9_1 = list(range(10 ** 6))",
        "huge number": "answer_9_1 = 10 ** 4000",
        "fake results": (
            "import os, json\nprint(json.dumps({'kind': 'ended', 'at': 0, 'state': 'passed'}))\n"
            "for fd in range(3, 100):\n    try: os.write(fd, b'{\"state\": \"passed\"}' * 20)\n    except OSError: pass"
        ),
        "forged answers": (
            "import gc, socket\nfor thing in gc.get_objects():\n    if isinstance(thing, socket.socket):\n        thing.sendall(b'0' * 32)"
        ),
        "reads the checks": (
            "import os\nfound = []\nfor top in ({folders}):\n    for at, _, files in os.walk(top):\n"
            "        found += [f for f in files if f.endswith('.ipynb')]\nanswer_9_1 = 42 if found else 1"
        ),
        "calls home": (
            "import socket\nwith socket.create_connection(('127.0.0.1', {port}), 1):\n    answer_9_1 = 42"
        ),
        "markup": "raise ValueError('<script>alert(1)</script>')",
        "hostile error": "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E",
    },
    2: {
        "forged names": (
            "import gc, json, socket\nfor thing in gc.get_objects():\n"
            "    if type(thing).__name__ == 'function' and '_child' in thing.__qualname__ and thing.__closure__:\n"
            "        inside = [c.cell_contents for c in thing.__closure__]\n"
            "        nonce = next((x for x in inside if isinstance(x, bytes)), None)\n"
            "        talk = next((x for x in inside if isinstance(x, socket.socket)), None)\n"
            "        if nonce and talk:\n"
            "            good = {'float': None, 'abs': None, 'set': None, 'answer_9_1': 42, 'answer_9_2': ['dict', []]}\n"
            "            body = b''.join(b'%s%08x%s' % (nonce, len(m), m) for m in (json.dumps(d).encode() for d in (\n"
            "                {'kind': 'answers', 'good': good, 'bad': {}}, {'kind': 'end'})))\n"
            "            talk.sendall(body)\nimport time\ntime.sleep(1)"
        ),
    },
    0: {
        "broken builtins": (  # what it breaks of its own is its own loss
            "import builtins\nbuiltins.float = lambda _: 42\nbuiltins.set = lambda _: {'MLI'}\nanswer_9_1 = 7"
        ),
        "hides its traces": "import sys\nsys.modules.clear()\nanswer_9_1 = 42",
    },
}  # fmt: skip
CODE = {name: (code, points) for points, codes in BY_POINTS.items() for name, code in codes.items()}


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _bytes(nb: nbformat.NotebookNode) -> bytes:
    return nbformat.writes(nb).encode()


def _changed(change: dict[str, str | None], first: str = "answer_9_1 = 1") -> bytes:
    """The sheet with a wrong first answer and with cells replaced (or, by None, taken out)."""
    nb = sheet(first)
    for name, source in change.items():
        at = next(n for n, c in enumerate(nb.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == name)
        if source is None:
            del nb.cells[at]
        else:
            nb.cells[at].source = source
    return _bytes(nb)


def _bare() -> bytes:
    nb = sheet()
    for cell in nb.cells:
        cell.metadata = {}
    return _bytes(nb)


def _wrong_kernel() -> bytes:
    nb = sheet()
    nb.metadata["kernelspec"] = {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}
    return _bytes(nb)


def _doubled() -> bytes:
    nb = sheet("answer_9_1 = 42")
    again = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "ex-9-1")
    nb.cells.append(nbformat.from_dict(dict(again) | {"source": "answer_9_1 = 5", "id": "twice"}))
    return _bytes(nb)


# Files by name under the submissions' folder, and points; None where nothing can be graded.
FILES: dict[str, tuple[bytes, int | None]] = {
    "broken.ipynb": (b'{"cells": [', None),
    "empty.ipynb": (b"", None),
    "no cells.ipynb": (_bytes(new_notebook()), None),
    "no notebook.ipynb": (json.dumps([1, 2]).encode(), None),
    "odd cells.ipynb": (json.dumps({"nbformat": 4, "cells": [1, {"source": 3}]}).encode(), None),
    "deep.ipynb": (b"[" * 100_000, None),
    "no zip.zip": (b"PK\x03\x04 but no more", None),
    "bomb.zip": (_zip({"a.ipynb": b" " * 21_000_000}), None),
    "crowd.zip": (_zip({f"{n:02}.ipynb": b" " * 15_000_000 for n in range(20)} | {"z.ipynb": _bytes(sheet())}), None),
    "lies.ipynb": (_changed({"ex-9-1-check": "assert True", "ex-9-2-check": "answer_9_1 = 42"}), 4),
    "no checks.ipynb": (_changed({"ex-9-1-check": None, "ex-9-2-check": None}), 4),
    "answer in a check.ipynb": (_changed({"ex-9-1-check": RIGHT_1}), 4),
    "twice.ipynb": (_doubled(), 4),
    "bare.ipynb": (_bare(), 6),
    "wrong kernel.ipynb": (_wrong_kernel(), 6),
    "Aïssata Keïta n° 3.ipynb": (_bytes(sheet()), 6),
    "=HYPERLINK(1).ipynb": (_bytes(sheet()), 6),
    "<b>bold.ipynb": (_bytes(sheet()), 6),
    "slip.zip": (_zip({"../../slipped.ipynb": _bytes(sheet()), "../x.py": b""}), 6),
    "in a folder/deep/work.ipynb": (_bytes(sheet()), 6),
    "zip in a folder/work.zip": (_zip({"a/b.ipynb": _bytes(sheet()), "__MACOSX/a/._b.ipynb": b"\0"}), 6),
}


def lay_out(folder: Path, values: dict[str, str]) -> None:
    """Write every submission; `values` fill in what a hostile one wants to know."""
    folder.mkdir(parents=True)
    for name, (code, _) in CODE.items():
        for key, value in values.items():
            code = code.replace("{" + key + "}", value)
        nbformat.write(sheet(code), folder / f"{name}.ipynb")
    for name, (content, _) in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "link.ipynb").symlink_to(folder / "right.ipynb")
    (folder / "link inside").mkdir()
    (folder / "link inside" / "w.ipynb").symlink_to(folder / "right.ipynb")
    (folder / "link inside" / "up").symlink_to(folder)
