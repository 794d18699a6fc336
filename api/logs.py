"""What a process says of itself: one line an event, with the request that it goes back to, as text or as JSON.

Refuses to write what opens doors: tokens, signed claims, secrets of feeds and passwords in addresses are blotted out,
should anybody ever hand one to a log.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal

from api.tracing import current_request

Form = Literal["text", "json"]
BLOT = "[…]"
_SECRETS = re.compile(
    r"sch_[A-Za-z0-9_-]{8,}"  # personal tokens
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # access tokens
    r"|(?<=/f/)[A-Za-z0-9_-]{16,}"  # feeds
    r"|(?<=/claim/)[A-Za-z0-9_-]{16,}"  # one-time links
    r"|(?<=://)[^\s/@]*:[^\s/@]+(?=@)"  # name and password of an address
    r"|(?i:(?<=bearer )|(?<=basic ))[A-Za-z0-9._~+/=-]{8,}",
    re.ASCII,
)


def set_up_logs(form: Form) -> None:
    """Let this process write its log to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Text() if form == "text" else _Json())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def blotted(text: str) -> str:
    """A text without what opens doors."""
    return _SECRETS.sub(BLOT, text)


class _Text(logging.Formatter):
    """`time LEVEL logger: message [request]`, and below it where an error came from."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s%(request)s")

    def format(self, record: logging.LogRecord) -> str:
        request = current_request()
        record.request = f" [{request}]" if request else ""
        return blotted(super().format(record))


class _Json(logging.Formatter):
    """One object a line: `time`, `level`, `logger`, `message`, and `request_id`, `error`, `trace` where there are."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": blotted(record.getMessage()),
        }
        if request := current_request():
            said["request_id"] = request
        if record.exc_info and record.exc_info[0]:
            said["error"] = record.exc_info[0].__name__
            said["trace"] = blotted(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)
