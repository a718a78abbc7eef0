"""A server for one person: on 127.0.0.1, behind an address with a random token, with pages that load nothing else.

Other pages that the browser has open cannot use it: they do not know the token, and a name of theirs that leads here
(DNS rebinding) is not the name that the `Host` header must have.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from unspin.corpus.limits import MAX_RECORD
from unspin.errors import FileError, UnspinError

HOST = "127.0.0.1"

_TOKEN = 24
"""Random bytes of a token, 192 bits."""

_PATIENCE = 30.0
"""Seconds after which a request that does not go on is given up."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
"""Types of content, by the ending of a file."""

_SHARED = {
    "page.css": "page/page.css",
    "review.css": "review/page/review.css",
    "parts.js": "review/page/parts.js",
}
"""What all pages are made of, as in `App.assets`."""


class App(Protocol):
    """What is served.

    Attributes:
        assets: name in the address -> file below `unspin.report`; "" is the page itself.
    """

    assets: dict[str, str]

    def get(self, name: str, query: dict[str, str]) -> Any:
        """The answer to a question, to be written as JSON.

        Raises:
            LookupError: there is no such thing.
            UnspinError, ValueError: the question is not right.
        """
        ...

    def post(self, name: str, query: dict[str, str], body: bytes) -> Any:
        """The answer to what is sent; as for `get`."""
        ...


class Server(ThreadingHTTPServer):
    """The server; `serve_forever` runs it.

    Args:
        app: what is served.
        port: 0 for any that is free.

    Attributes:
        address: of the page, with its token.

    Raises:
        FileError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, app: App, port: int = 0) -> None:
        self.app = app
        self.token = secrets.token_urlsafe(_TOKEN)
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise FileError(f"{HOST}:{port}: not to be had: {error}; name another --port, or leave it out") from None
        self.hosts = (f"{HOST}:{self.server_port}", f"localhost:{self.server_port}")
        self.address = f"http://{self.hosts[0]}/{self.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error."""


class _Refused(Exception):
    """A request that is not answered.

    Args:
        status: why.
    """

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version = "unspin"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, how: Callable[[str, dict[str, str]], tuple[str, bytes]]) -> None:
        try:
            kind, body = how(*self._asked())
            status = HTTPStatus.OK
        except _Refused as refused:
            status, kind, body = refused.status, _KINDS[".html"], b""
            self.close_connection = True  # what it sent is not read
        except LookupError:
            status, kind, body = HTTPStatus.NOT_FOUND, _KINDS[".html"], b""
        except (UnspinError, ValueError) as error:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            kind, body = _as_json({"error": str(error)})
        except Exception as error:  # the page says it, and goes on
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            kind, body = _as_json({"error": f"unspin failed: {type(error).__name__}: {error}"})
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _asked(self) -> tuple[str, dict[str, str]]:
        """(name, query) of what is asked for, by whoever may.

        Raises:
            _Refused: whoever asks does not know the token, or came by another name.
        """
        if self.headers.get("Host", "") not in self.server.hosts:
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST)
        parts = urlsplit(self.path)
        token, slash, name = parts.path.removeprefix("/").partition("/")
        if not (hmac.compare_digest(token.encode(), self.server.token.encode()) and slash):
            raise _Refused(HTTPStatus.NOT_FOUND)
        return name, dict(parse_qsl(parts.query))

    def _get(self, name: str, query: dict[str, str]) -> tuple[str, bytes]:
        asset = {**_SHARED, **self.server.app.assets}.get(name)
        if asset is None:
            return _as_json(self.server.app.get(name, query))
        return _KINDS[PurePosixPath(asset).suffix], (resources.files("unspin.report") / asset).read_bytes()

    def _post(self, name: str, query: dict[str, str]) -> tuple[str, bytes]:
        origin = self.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.server.hosts:
            raise _Refused(HTTPStatus.FORBIDDEN)
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise _Refused(HTTPStatus.LENGTH_REQUIRED)
        if int(length) > MAX_RECORD:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return _as_json(self.server.app.post(name, query, self.rfile.read(int(length))))

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses hold the token; they are written nowhere."""


def _as_json(value: Any) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()
