"""What may go wrong at a source, as replies of a server, and what becomes of it: one row for each."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import NamedTuple

from tests.fakes import Reply
from tests.make import NOW

JSON = {"Content-Type": "application/json"}
PAGE = b"<!DOCTYPE html><html><title>Just a moment...</title><p>Checking your browser"
BOMB = gzip.compress(bytes(64 * 2**20))
BAD_ID = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Error</title>
<id>http://arxiv.org/api/errors#incorrect_id_format_for_abc</id></entry></feed>"""
HOUR = 3600
UNSAID = 30  # a source that is in trouble and names no time


class Fault(NamedTuple):
    """`reply` is what the source says instead; `outcome` a refusal's reason, `none` (no such paper) or a bad answer.

    `wait`: seconds at least until the source is asked again, None: it has answered.
    """

    name: str
    reply: Callable[[str], Reply]
    outcome: str
    wait: int | None


def says(status: int, body: bytes = b"{}", **headers: str) -> Callable[[str], Reply]:
    """The same reply to everything; header names with underscores."""
    return lambda path: (status, JSON | {name.replace("_", "-"): value for name, value in headers.items()}, body)


def endless(path: str) -> Reply:
    """Ten gigabytes, made as they are sent."""
    piece = b'{"a": "' + b"x" * 2**16
    return 200, JSON, (piece for _ in range(10 * 2**30 // len(piece)))


def drip(path: str) -> Reply:
    """A byte now and then, for longer than anybody waits."""

    def pieces() -> Iterator[bytes]:
        for _ in range(600):
            yield b" "
            time.sleep(0.02)

    return 200, JSON, pieces()


def bomb(path: str) -> Reply:
    """Sixty-four megabytes of nothing in sixty-four kilobytes."""
    return 200, JSON | {"Content-Encoding": "gzip"}, BOMB


def loop(path: str) -> Reply:
    """A redirect to itself."""
    return 302, {"Location": path}, b""


def in_a_minute(path: str) -> Reply:
    """A date one minute after the tests' present."""
    return 429, {"Retry-After": formatdate(NOW / 1000 + 60, usegmt=True)}, b""


FAULTS = (
    Fault("404 in plain words", says(404, b"Resource not found."), "none", None),
    Fault("404 as JSON", says(404, b'{"error": "no"}'), "none", None),
    Fault("410", says(410, b""), "none", None),
    Fault("404 as a page", says(404, PAGE), "web_page", HOUR),
    Fault("400", says(400), "unexpected_status", HOUR),
    Fault("418", says(418), "unexpected_status", HOUR),
    Fault("401", says(401), "status_401", HOUR),
    Fault("403", says(403), "status_403", HOUR),
    Fault("403 that names a time", says(403, Retry_After="90"), "status_403", 90),
    Fault("429 in seconds", says(429, Retry_After="75"), "status_429", 75),
    Fault("429 with a date", in_a_minute, "status_429", 60),
    Fault("429 for a year", says(429, Retry_After="31536000"), "status_429", 86_400),
    Fault("429 that names no time", says(429), "status_429", UNSAID),
    Fault("500", says(500, PAGE), "status_500", UNSAID),
    Fault("502", says(502, PAGE), "status_502", UNSAID),
    Fault("503 that names a time", says(503, Retry_After="120"), "status_503", 120),
    Fault("504", says(504, b""), "status_504", UNSAID),
    Fault("a page for data", says(200, PAGE), "web_page", HOUR),
    Fault("a page that says so", lambda path: (200, {"Content-Type": "text/html"}, b"Sign in"), "web_page", HOUR),
    Fault("half a document", says(200, b'{"data": {"id": "10.48550/'), "malformed", HOUR),
    Fault("nothing", says(200, b""), "malformed", HOUR),
    Fault("another shape", says(200, b"[]"), "malformed", HOUR),
    Fault("a million lists", says(200, b'{"data": [' + b"[]," * 10**6 + b"[]]}"), "malformed", HOUR),
    Fault("a hundred thousand levels", says(200, b'{"a":' * 10**5), "malformed", HOUR),
    Fault("cut off on the wire", says(200, b'{"data"', Content_Length="9999"), "cut_off", UNSAID),
    Fault("cut off in its packing", says(200, BOMB[:99], Content_Encoding="gzip"), "cut_off", UNSAID),
    Fault("a drip", drip, "timeout", UNSAID),
    Fault("ten gigabytes", endless, "too_large", HOUR),
    Fault("a loop", loop, "redirects", HOUR),
    Fault("a redirect inward", says(302, Location="http://127.0.0.1:1/"), "port", HOUR),
    Fault("a gzip bomb", bomb, "too_large", HOUR),
    Fault("a deflate bomb", says(200, zlib.compress(bytes(2**23)), Content_Encoding="deflate"), "too_large", HOUR),
    Fault("brotli", says(200, b"\x1b\xff\xff\xff", Content_Encoding="br"), "encoding", HOUR),
    Fault("zstd", says(200, b"\x28\xb5\x2f\xfd", Content_Encoding="zstd"), "encoding", HOUR),
    Fault("gzip in gzip", says(200, gzip.compress(BOMB), Content_Encoding="gzip, gzip"), "encoding", HOUR),
)
