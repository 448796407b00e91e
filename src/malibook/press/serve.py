"""Show the built book in a browser from this machine only."""

from __future__ import annotations

import functools
import http.server

from malibook.errors import BookError
from malibook.press import places


def serve(port: int) -> None:
    """Serve `_build/html` on the loopback address until interrupted; raise `BookError` where there is no book yet."""
    folder = places.folder() / "html"
    if not (folder / "index.html").exists():
        raise BookError("there is no book yet", where=f"{places.shown_folder()}/html", remedy="python run.py build")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise BookError(
            f"port {port} cannot be used: {error.strerror}", where="serve", remedy="choose another with --port"
        ) from None
    with server:
        print(f"the book is at http://127.0.0.1:{port}/ (Ctrl-C ends)", flush=True)
        server.serve_forever()
