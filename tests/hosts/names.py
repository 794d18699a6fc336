"""A name server for one name with several addresses, in another order each time, as those of containers are.

`python -m tests.hosts.names NAME ADDRESS...` listens on loopback; whatever else is asked for has no address.
"""

from __future__ import annotations

import random
import socket
import sys
from ipaddress import IPv4Address

A_RECORD = b"\0\1\0\1"  # type A, class IN
SECONDS = 1  # how long an answer may be kept


def answer(query: bytes, name: str, addresses: list[str]) -> bytes:
    """The answer to one question (RFC 1035 4)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    asked = query[12 : query.index(b"\0", 12) + 5]
    found = random.sample(addresses, len(addresses)) if asked.lower() == labels + A_RECORD else []
    head = query[:2] + b"\x85\x80" + b"\0\1" + len(found).to_bytes(2, "big") + bytes(4)
    said = (b"\xc0\x0c" + A_RECORD + SECONDS.to_bytes(4, "big") + b"\0\4" + IPv4Address(one).packed for one in found)
    return head + asked + b"".join(said)


def main(name: str, addresses: list[str]) -> None:
    """Answer for ever."""
    with socket.socket(type=socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 53))
        while True:
            query, asker = listening.recvfrom(512)
            listening.sendto(answer(query, name, addresses), asker)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
