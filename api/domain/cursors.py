"""The pull cursor: opaque, signed, bound to one library and its epoch.

Refuses what we did not sign (`bad_cursor`); whether a good one can still be honoured is the pull's question.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TypeVar

import msgspec
from msgspec import Struct

from api.domain.errors import BadCursor

T = TypeVar("T")
_MAC = 16  # bytes of HMAC-SHA-256


class Cursor(Struct, frozen=True, array_like=True):
    """How far a device has read: the library, its epoch, a version, and the tag of the commit that made it.

    `down` is the phase: 0 walks upwards from `version`; else a first sync walks downwards, has come to `down`, and
    will go upwards from `version`, where the library stood when it began.
    """

    library_id: str
    epoch: str
    version: int
    schema: int
    tag: str = ""
    down: int = 0


class Place(Struct, frozen=True, array_like=True):
    """A place in a sorted list: whose list, which filters, and the last row's sort value and key."""

    library_id: str
    filters: str
    value: str | int | None
    key: str


def write_cursor(cursor: Cursor | Place, secret: str) -> str:
    """The cursor as text for the wire."""
    body = msgspec.json.encode(cursor)
    return base64.urlsafe_b64encode(_mac(body, secret) + body).rstrip(b"=").decode()


def read_cursor(text: str, *secrets: str) -> Cursor:
    """The cursor in the text; raises BadCursor if none of these secrets of ours signed it."""
    return _read(text, secrets, Cursor)


def read_place(text: str, *secrets: str) -> Place:
    """The place in the text; raises BadCursor if none of these secrets of ours signed it."""
    return _read(text, secrets, Place)


def _read(text: str, secrets: tuple[str, ...], type_: type[T]) -> T:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if not any(hmac.compare_digest(raw[:_MAC], _mac(raw[_MAC:], secret)) for secret in secrets):
            raise BadCursor("this cursor is not ours")
        return msgspec.json.decode(raw[_MAC:], type=type_)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise BadCursor("this cursor is not ours") from None


def _mac(body: bytes, secret: str) -> bytes:
    return hmac.digest(b"cursor:" + secret.encode(), body, hashlib.sha256)[:_MAC]
