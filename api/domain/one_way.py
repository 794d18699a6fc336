"""Secrets that we hand out are kept only as their hash: who reads the database can present none of them.

A plain SHA-256 is enough because every such secret holds 256 random bits; passwords are no such thing and are
refused here.
"""

from __future__ import annotations

import hashlib

SECRET_BYTES = 32
PERSONAL_PREFIX = "sch_"  # of a personal access token, so that scanners of leaked text know one


def hashed(secret: str) -> str:
    """The form in which a random secret is kept and found again."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
