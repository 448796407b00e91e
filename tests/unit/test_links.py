"""The link check, against a server on the loopback address that behaves as hosts do; no test asks anybody else."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from malibook import cli
from malibook.errors import BookError
from malibook.press.links import ask as asking
from malibook.press.links.ask import ask, ask_all
from malibook.press.links.named import in_text, named
from malibook.press.links.settings import FILE, Settings, settings
from tests.conftest import ROOT

QUICK = Settings(pause=0, timeout=2, retries=2)


class Host(BaseHTTPRequestHandler):
    """One path for each thing that hosts do."""

    asked: Counter
    running: int
    most: int

    def do_HEAD(self):
        self.answer("HEAD")

    def do_GET(self):
        self.answer("GET")

    def answer(self, method: str) -> None:
        host = type(self)
        host.asked[method, self.path] += 1
        host.running += 1
        host.most = max(host.most, host.running)
        code, headers = self.behave(method)
        host.running -= 1  # before the answer: whoever has it may ask again at once
        if code:
            self.send_response(code)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

    def behave(self, method: str) -> tuple[int, dict[str, str]]:
        times = sum(count for (_, path), count in self.asked.items() if path == self.path)
        if self.path.startswith("/slow"):
            time.sleep(0.02)
        known = {
            "/gone": (410, {}),
            "/lost": (404, {}),
            "/forbidden": (403, {}),
            "/moved": (301, {"Location": "/fine"}),
            "/loop": (302, {"Location": "/loop"}),
            "/no-head": (200 if method == "GET" else 404, {}),
            "/no-method": (200 if method == "GET" else 501, {}),
            "/busy": (429, {"Retry-After": "7"}),
            "/shaky": (503 if times < 3 else 200, {}),
            "/broken": (500, {}),
            "/elsewhere": (302, {"Location": "file:///etc/passwd"}),
        }
        if self.path == "/cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            return 0, {}
        return known.get(self.path, (200, {}))

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture
def host():
    """A server; yields its address and the handler that counts."""
    handler = type("Counting", (Host,), {"asked": Counter(), "running": 0, "most": 0})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()
        thread.join()


@pytest.fixture
def slept():
    return []


# By how often a host is asked: its head says enough; the whole page is asked for too; once more, and again, after a pause.
BECOMES = {
    1: {"/fine": ("alive", "200"), "/élargi?q=ségou": ("alive", "200"), "/moved": ("moved", "/fine")},
    2: {
        "/no-head": ("alive", "200"),
        "/no-method": ("alive", "200"),
        "/lost": ("dead", "404 Not Found"),
        "/gone": ("dead", "410 Gone"),
        "/forbidden": ("closed", "403 Forbidden"),
    },
    3: {"/shaky": ("alive", "200"), "/broken": ("dead", "500"), "/busy": ("closed", "429"), "/cut": ("dead", "")},
}


@pytest.mark.parametrize(
    ("asked", "path", "state", "detail"),
    [(asked, path, *becomes) for asked, paths in BECOMES.items() for path, becomes in paths.items()],
)
def test_what_becomes_of_an_address(host, slept, asked, path, state, detail):
    address, handler = host
    answer = ask(address + path, QUICK, slept.append)
    assert (answer.state, answer.asked) == (state, asked)
    assert detail in answer.detail and answer.detail
    first = next(iter(handler.asked))
    assert first[0] == "HEAD"


def test_an_endless_redirection_and_one_to_a_file_are_dead(host, slept):
    for path in ("/loop", "/elsewhere"):
        answer = ask(host[0] + path, QUICK, slept.append)
        assert answer.state == "dead", answer


def test_a_host_that_is_not_there_is_tried_again_and_dead(slept):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = ask(f"http://127.0.0.1:{port}/", QUICK, slept.append)
    assert answer.state == "dead" and answer.asked == 3 and slept == [1.0, 2.0]


def test_a_host_that_says_how_long_to_wait_is_obeyed_within_reason(host, slept, monkeypatch):
    ask(host[0] + "/busy", QUICK, slept.append)
    assert slept == [7.0, 7.0]
    monkeypatch.setattr(asking, "LONGEST", 3.0)
    ask(host[0] + "/busy", QUICK, slept.append)
    assert slept[2:] == [3.0, 3.0]


def test_one_request_at_a_time_with_a_pause_between(host, slept):
    address, handler = host
    addresses = [f"{address}/slow{n}" for n in range(4)]
    answers = ask_all(addresses, Settings(pause=1.5, timeout=30, workers=4), None, slept.append)
    assert [answer.address for answer in answers] == addresses
    assert handler.most == 1 and slept == [1.5] * 3


def test_what_is_ignored_is_not_asked_and_says_why(host, slept):
    address, handler = host
    how = Settings(pause=1, timeout=2, ignored=((f"{address}/lost*", "read by hand"),))
    answers = ask_all([f"{address}/lost", f"{address}/fine"], how, None, slept.append)
    assert [(a.state, a.asked) for a in answers] == [("ignored", 0), ("alive", 1)]
    assert answers[0].detail == "read by hand" and ("HEAD", "/lost") not in handler.asked
    assert how.idle(["https://example.org/"]) == [f"{address}/lost*"] and how.idle([f"{address}/lost"]) == []


def small(folder, address: str):
    """A book of three addresses: one in the sources, one in the descriptor, one in a page."""
    tables = folder / "data" / "tables"
    tables.mkdir(parents=True)
    (tables / "sources.csv").write_text(f"id,url\nd1,{address}/fine\nd2,{address}/lost\nd3,\n", encoding="utf-8")
    package = {"name": "x", "resources": [{"name": "t", "sources": [{"path": f"{address}/moved"}]}]}
    (folder / "data" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (folder / "README.md").write_text("See https://example.org/x.", encoding="utf-8")
    (folder / FILE).write_text("pause = 0\nretries = 0\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(monkeypatch, capsys):
    def call(book, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("MALIBOOK_ROOT", str(book))
        monkeypatch.setattr(sys, "argv", ["malibook", "links", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return call


def test_the_command_lists_what_is_dead_and_where_it_stands(host, run, tmp_path):
    code, out = run(small(tmp_path, host[0]), "--all")
    assert code == 1
    assert f"dead    {host[0]}/lost" in out and "404 Not Found; named in sources.csv: d2" in out
    assert f"alive   {host[0]}/fine" in out and "3 addresses: 1 alive, 1 dead, 1 moved" in out


def test_the_command_in_json_and_with_a_choice(host, run, tmp_path):
    book = small(tmp_path, host[0])
    code, out = run(book, "--json", "--only", "data")
    said = json.loads(out)
    assert code == 0 and [(a["state"], a["named_in"]) for a in said["answers"]] == [("moved", ["datapackage.json: t"])]
    (book / FILE).write_text(
        f'pause = 0\n[[ignore]]\naddress = "{host[0]}/lost"\nreason = "known"\n[[ignore]]\naddress = "ftp*"\nreason = "x"\n'
    )
    code, out = run(book, "--json")
    said = json.loads(out)
    assert code == 0 and said["idle"] == ["ftp*"] and Counter(a["state"] for a in said["answers"])["ignored"] == 1


def test_the_book_names_its_documents_and_every_entry_of_the_list_fits_one():
    everything = named(ROOT)
    assert len(named(ROOT, ("sources",))) > 400 and len(named(ROOT, ("data",))) > 10
    assert not [a for a in everything if a[-1] in ".,;" or " " in a or not a.startswith("http")]
    how = settings(ROOT)
    assert how.idle(list(everything)) == [] and how.pause >= 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.org/x.", ["https://a.org/x"]),
        ("[t](https://a.org/x) and <http://b.org>", ["https://a.org/x", "http://b.org"]),
        ("`https://a.org/a|b`", ["https://a.org/a"]),
        ("no address", []),
    ],
)
def test_addresses_are_found_in_prose(text, found):
    assert in_text(text) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pauze = 1", "unknown field 'pauze'"),
        ("pause = -1", "pause = -1"),
        ("retries = 1.5", "retries = 1.5"),
        ("workers = true", "workers = True"),
        ('ignore = "x"', "no list"),
        ('[[ignore]]\naddress = "x"', "entry 1 of ignore"),
        ('[[ignore]]\naddress = "x"\nreason = " "', "entry 1 of ignore"),
        ("pause = ", "cannot be read"),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path, text, told):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(BookError, match=told) as refused:
        settings(tmp_path)
    assert refused.value.where == FILE and refused.value.remedy
