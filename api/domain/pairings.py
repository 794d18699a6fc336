"""Pairing a device by a short code (RFC 8628): the code's form, its times, and what a poll may hear.

The code has twenty consonants only, so that it spells no word and no letter looks like a digit (RFC 8628 6.1).
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LETTERS = 8
LIFE_SECONDS = 900
INTERVAL_SECONDS = 5
SLACK_MS = 500  # a timer that goes off a little early is no reason to slow down

PollState = Literal["authorization_pending", "slow_down", "access_denied", "expired_token", "invalid_grant"]
GrantState = Literal["pending", "approved", "denied", "taken"]


class Grant(Struct, frozen=True):
    """A device that waits for a person to approve it; times in Unix milliseconds."""

    user_code: str
    client_id: str
    device_name: str
    state: GrantState
    account_id: str | None
    expires_at: int
    polled_at: int


class Pairing(Struct, frozen=True):
    """What the device is told: the secret that it polls with, the code that it shows, and times in seconds."""

    device_code: str
    user_code: str
    expires_in: int = LIFE_SECONDS
    interval: int = INTERVAL_SECONDS


def user_code(choices: list[int]) -> str:
    """A code from eight numbers below twenty: `BCDF-GHJK`."""
    letters = "".join(ALPHABET[n] for n in choices)
    return f"{letters[:4]}-{letters[4:]}"


def read_user_code(text: str) -> str:
    """A code as a person typed it, in its one spelling; what cannot be a code becomes the empty text."""
    letters = "".join(c for c in text.upper() if c.isalnum())
    if len(letters) != LETTERS or any(c not in ALPHABET for c in letters):
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def poll_state(grant: Grant, client_id: str, now_ms: int) -> PollState | None:
    """What a poll hears now, or None if the device may be signed in."""
    if grant.client_id != client_id or grant.state == "taken":
        return "invalid_grant"
    if grant.state == "denied":
        return "access_denied"
    if now_ms >= grant.expires_at:
        return "expired_token"
    if grant.state == "approved":
        return None
    early = now_ms - grant.polled_at < INTERVAL_SECONDS * 1000 - SLACK_MS
    return "slow_down" if early else "authorization_pending"
