"""Ask hosts politely: one request at a time each, with pauses; HEAD first, GET where HEAD is not answered well."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from malibook.press.links.settings import Settings

AGENT = "Mozilla/5.0 (compatible; malibook-links: asks once a week whether cited documents are still there)"
CLOSED = (401, 402, 403, 405, 406, 407, 429, 451)  # the host answers, but not to a program: says nothing of the page
AGAIN = (408, 425, 429, 500, 502, 503, 504)
LONGEST = 60.0  # seconds that a host may make us wait before a second try


@dataclass(frozen=True)
class Answer:
    """What became of an address: `alive`, `moved`, `closed` (not to programs), `ignored` or `dead`; and how it is known."""

    address: str
    state: str
    detail: str
    asked: int = 0  # requests


Sleep = Callable[[float], None]


def ask_all(
    addresses: list[str], how: Settings, tell: Callable[[Answer], None] | None = None, sleep: Sleep = time.sleep
) -> list[Answer]:
    """Return the answers in the order of the addresses: several hosts at a time, each of them one request after the other."""
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        by_host.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    answers, guard = {}, threading.Lock()

    def host(these: list[str]) -> None:
        for at, address in enumerate(these):
            if at and not how.reason(address):
                sleep(how.pause)
            answer = ask(address, how, sleep)
            with guard:
                answers[address] = answer
                if tell:
                    tell(answer)

    with ThreadPoolExecutor(how.workers) as pool:
        for done in [pool.submit(host, these) for these in by_host.values()]:
            done.result()
    return [answers[address] for address in addresses]


def ask(address: str, how: Settings, sleep: Sleep = time.sleep) -> Answer:
    """Return what became of one address, tried again where the failure may pass."""
    if why := how.reason(address):
        return Answer(address, "ignored", why)
    asked = 0
    for tried in range(how.retries + 1):
        for method in ("HEAD", "GET"):
            asked += 1
            state, detail, wait = _once(address, method, how.timeout)
            if state in ("alive", "moved"):
                return Answer(address, state, detail, asked)
            if wait is not None:
                break  # a host in trouble is not asked a second time at once
        if wait is None or tried == how.retries:
            break
        sleep(min(LONGEST, wait or max(1.0, how.pause) * 2**tried))
    return Answer(address, state, detail, asked)


def _once(address: str, method: str, timeout: float) -> tuple[str, str, float | None]:
    """Return state, detail, and after how many seconds to try again (0: as the caller thinks, None: never)."""
    request = urllib.request.Request(_encoded(address), method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            if response.url.partition("#")[0].rstrip("/") != request.full_url.partition("#")[0].rstrip("/"):
                return "moved", f"to {response.url}", None
            return "alive", str(response.status), None
    except urllib.error.HTTPError as error:
        error.close()
        state = "closed" if error.code in CLOSED else "dead"
        return state, f"{error.code} {error.reason}", _wait(error) if error.code in AGAIN else None
    except urllib.error.URLError as error:
        return "dead", str(error.reason), 0
    except (OSError, http.client.HTTPException, ValueError) as error:
        return "dead", f"{type(error).__name__}: {error}" if str(error) else type(error).__name__, 0


def _wait(error: urllib.error.HTTPError) -> float:
    given = (error.headers or {}).get("Retry-After", "")
    return float(given) if given.isdigit() else 0.0


def _encoded(address: str) -> str:
    """Return an address as it may be sent: letters with accents in it percent-encoded, the fragment kept here."""
    parts = urlsplit(address)
    host = parts.netloc.encode("idna").decode("ascii") if not parts.netloc.isascii() else parts.netloc
    kept = "/%:=&?~+!$,;'@()*[]#"
    return parts._replace(
        netloc=host, path=quote(parts.path, safe=kept), query=quote(parts.query, safe=kept), fragment=""
    ).geturl()
