"""`python run.py lab` really started: its server lists the notebooks, starts a kernel that has the library, and ends when told.

And a chapter runs there as a reader would run it: an ordinary kernel, in the folder of the notebooks, nothing set beforehand.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import Request, urlopen

import nbclient
import nbformat
import pytest

from malibook.press.ledger import breaches, read_ledger
from malibook.press.notebooks import chapters
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
PATIENCE = 120  # seconds within which a slow machine must have a server


class Server:
    """A running server, asked through its API as the browser does."""

    def __init__(self, port: int, token: str) -> None:
        self.address, self.token = f"http://127.0.0.1:{port}", token

    def ask(self, path: str, method: str = "GET", body: dict | None = None):
        """Return what the API answers."""
        data = json.dumps(body).encode() if body is not None else None
        head = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(f"{self.address}/api/{path}", data, head, method=method), timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def clean_environment(folder) -> dict[str, str]:
    """Return an environment in which nothing of ours and nothing of this user's Jupyter is set."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MALIBOOK_", "JUPYTER"))}
    return env | {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """JupyterLab as `python run.py lab` starts it, without a browser, on a free port."""
    folder, token = tmp_path_factory.mktemp("jupyter"), secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    log = folder / "log.txt"
    with open(log, "w", encoding="utf-8") as out:
        command = [sys.executable, "run.py", "lab", *options]
        process = subprocess.Popen(command, cwd=ROOT, env=clean_environment(folder), stdout=out, stderr=out)
    lab = Server(port, token)
    try:
        _wait_for(lab, process, log)
        yield lab
        lab.ask("shutdown", "POST")
        assert process.wait(timeout=60) == 0, log.read_text(encoding="utf-8")[-3000:]
    finally:
        if process.poll() is None:
            process.terminate()


def _wait_for(lab: Server, process: subprocess.Popen, log) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        try:
            lab.ask("status")
            return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(log.read_text(encoding="utf-8")[-3000:])


def test_the_server_lists_every_chapter_and_every_sheet(server):
    for folder, due in (
        ("notebooks", set(chapters())),
        ("coursework", {p.stem for p in ROOT.glob("coursework/*.ipynb")}),
    ):
        listed = server.ask(f"contents/{folder}")["content"]
        found = {entry["name"].removesuffix(".ipynb") for entry in listed if entry["type"] == "notebook"}
        assert found == due and due


def test_the_server_opens_a_chapter_whole(server):
    name = chapters()[2]
    opened = server.ask(f"contents/notebooks/{name}.ipynb")["content"]
    assert len(opened["cells"]) == len(nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells)
    spec = opened["metadata"]["kernelspec"]["name"]
    assert spec in server.ask("kernelspecs")["kernelspecs"]


def test_the_server_starts_a_kernel_and_ends_it(server):
    kernel = server.ask("kernels", "POST", {"name": "python3", "path": "notebooks"})
    assert kernel["id"] in [entry["id"] for entry in server.ask("kernels")]
    server.ask(f"kernels/{kernel['id']}", "DELETE")
    assert kernel["id"] not in [entry["id"] for entry in server.ask("kernels")]


def test_the_server_is_for_this_machine_and_who_has_the_token(server):
    stranger = Server(int(server.address.rpartition(":")[2]), "guess")
    with pytest.raises(URLError):
        stranger.ask("contents/notebooks")


def test_a_chapter_runs_as_a_reader_runs_it(monkeypatch):
    for name in [name for name in os.environ if name.startswith("MALIBOOK_")]:
        monkeypatch.delenv(name)
    name = min(chapters(), key=lambda n: (ROOT / "notebooks" / f"{n}.ipynb").stat().st_size)
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    folder = {"metadata": {"path": str(ROOT / "notebooks")}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=folder).execute()
    assert breaches(read_ledger(notebook, name)) == []
