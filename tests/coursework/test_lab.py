"""`python run.py lab` really started: its server lists the notebooks, opens a chapter, runs it whole, and ends when told.

The chapter runs as a reader would run it: an ordinary kernel of the server, nothing set beforehand, asked as the browser asks.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from types import ModuleType
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import nbformat
import pytest
from jupyterlab.handlers.announcements import NeverCheckForUpdate
from jupyterlab.labapp import LabApp
from nbformat.v4 import output_from_msg
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

import run as runner
from malibook.coursework.pack import STARTER
from malibook.press.ledger import breaches, read_ledger
from malibook.press.notebooks import chapters
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
PATIENCE = 120  # seconds within which a slow machine must have a server


class Server:
    """A running server, asked through its API as the browser does."""

    def __init__(self, port: int, token: str) -> None:
        self.address, self.token = f"http://127.0.0.1:{port}", token

    def ask(self, path: str, method: str = "GET", body: dict | None = None, under: str = "api"):
        """Return what an address of the API answers."""
        data = json.dumps(body).encode() if body is not None else None
        head = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(f"{self.address}/{under}/{path}", data, head, method=method), timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def page_settings(self) -> dict:
        """Return what the page of JupyterLab is told when it opens."""
        with urlopen(f"{self.address}/lab?token={self.token}", timeout=30) as answer:
            page = answer.read().decode()
        return json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1])


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
    for folder in ("notebooks", "coursework"):
        due = {path.stem for path in ROOT.glob(f"{folder}/*.ipynb")}
        listed = server.ask(f"contents/{folder}")["content"]
        found = {entry["name"].removesuffix(".ipynb") for entry in listed if entry["type"] == "notebook"}
        assert found == due >= set(chapters())


def test_the_server_opens_a_chapter_whole(server):
    name = chapters()[2]
    opened = server.ask(f"contents/notebooks/{name}.ipynb")["content"]
    assert len(opened["cells"]) == len(nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells)
    spec = opened["metadata"]["kernelspec"]["name"]
    assert spec in server.ask("kernelspecs")["kernelspecs"]


def test_a_chapter_opened_there_runs_whole_in_a_kernel_of_the_server(server):
    name = min(chapters(), key=lambda n: (ROOT / "notebooks" / f"{n}.ipynb").stat().st_size)
    path = f"notebooks/{name}.ipynb"
    notebook = nbformat.from_dict(server.ask(f"contents/{path}")["content"])
    wanted = {"path": path, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
    session = server.ask("sessions", "POST", wanted)
    try:
        asyncio.run(_run_cells(server, session["kernel"]["id"], notebook))
    finally:
        server.ask(f"sessions/{session['id']}", "DELETE")
    assert session["kernel"]["id"] not in [entry["id"] for entry in server.ask("kernels")]
    ledger = read_ledger(notebook, name)
    assert len(ledger.exhibits) >= 5 and breaches(ledger) == []


async def _run_cells(server: Server, kernel: str, notebook) -> None:
    """Run every code cell over the server's own channel, as the browser does, and keep its outputs."""
    address = f"{server.address.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels"
    request = HTTPRequest(address, headers={"Authorization": f"token {server.token}"})
    channel = await websocket_connect(request, max_message_size=2**28)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = await asyncio.wait_for(_run_cell(channel, cell.source), PATIENCE)
    channel.close()


async def _run_cell(channel, code: str) -> list:
    header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "username": "", "session": "test", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    asked = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    await channel.write_message(json.dumps(asked))
    outputs = []
    while (text := await channel.read_message()) is not None:
        answer = json.loads(text)
        if answer["parent_header"].get("msg_id") != header["msg_id"] or answer["channel"] != "iopub":
            continue
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return outputs
        assert answer["msg_type"] != "error", answer["content"]
        if answer["msg_type"] in ("display_data", "execute_result", "stream"):
            outputs.append(output_from_msg(answer))
    raise AssertionError("the kernel's channel was closed")


def test_the_server_looks_for_no_news_and_no_newer_packages(server):
    manager = server.page_settings()["extensionManager"]
    assert manager["name"] == "read-only" and not manager["can_install"]
    application = LabApp()
    application.parse_command_line(runner.LAB)
    assert application.check_for_updates_class is NeverCheckForUpdate and application.news_url is None
    for path in ("update", "news"):
        assert not any(server.ask(path, under="lab/api").values())


@pytest.mark.parametrize(("user", "words"), [(0, ["--allow-root"]), (1000, [])])
def test_a_pack_starts_it_alike(monkeypatch, user, words):
    module = ModuleType("starter")
    module.__file__ = str(ROOT / "run.py")
    exec(compile(STARTER.read_text(encoding="utf-8"), "starter", "exec"), module.__dict__)
    asked = []
    monkeypatch.setattr(module, "set_up", lambda: None)
    monkeypatch.setattr(module, "run", lambda command: asked.append(command) or 0)
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert module.main(["lab", "--no-browser"]) == 0
    assert asked == [[module.PYTHON, "-m", "jupyterlab", str(ROOT / "exercises"), *runner.LAB, *words, "--no-browser"]]


def test_the_server_is_for_this_machine_and_who_has_the_token(server):
    stranger = Server(int(server.address.rpartition(":")[2]), "guess")
    with pytest.raises(URLError):
        stranger.ask("contents/notebooks")
