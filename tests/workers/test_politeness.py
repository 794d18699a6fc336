"""Who we say we are, whom we mean, and when we come again."""

from __future__ import annotations

import pytest

from api.domain.clock import read_rfc3339
from workers.gateway_limits import user_agent
from workers.origins import origin_of, redirect_target
from workers.refusals import Refused, TryLater, retry_after

NOW_MS = read_rfc3339("2026-11-18T12:00:00Z")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("0", 1.0),
        ("999999999999", 86_400.0),
        ("Wed, 18 Nov 2026 12:01:40 GMT", 100.0),
        ("Wed, 18 Nov 2026 11:00:00 GMT", 1.0),
        ("Fri, 18 Nov 2050 11:00:00 GMT", 86_400.0),
        ("soon", 30.0),
        ("-5", 30.0),
        ("١٢", 30.0),
    ],
)
def test_a_source_may_say_when_in_seconds_or_as_a_date(said: str, seconds: float) -> None:
    asked = retry_after({"retry-after": said}, NOW_MS)
    assert TryLater(30.0 if asked is None else asked, "status_429").after_seconds == seconds


def test_a_contact_cannot_add_a_header() -> None:
    assert user_agent("1", "https://a.example", "a@b.example\r\nCookie: x") == (
        "Scholium/1 (+https://a.example; mailto:a@b.exampleCookie: x)"
    )
    assert user_agent("1", "https://a.example", "") == "Scholium/1 (+https://a.example)"


def test_an_origin_always_names_its_port() -> None:
    assert origin_of("https://api.crossref.org/v1?x") == "https://api.crossref.org:443"
    assert origin_of("http://Example.org") == "http://example.org:80"
    assert origin_of("http://127.0.0.1:9000/prefix") == "http://127.0.0.1:9000"


def test_a_redirect_may_start_tls_but_never_leave_it() -> None:
    assert redirect_target("http://a.example/b/c?d", "../e") == "http://a.example/e"
    assert redirect_target("http://a.example/", "https://b.example/") == "https://b.example/"
    assert redirect_target("https://a.example/", "//b.example/c") == "https://b.example/c"
    for leaving in ("http://a.example/", "HTTP://a.example/", "file:///a", "javascript:b", "https://[b"):
        with pytest.raises(Refused, match="redirects"):
            redirect_target("https://a.example/", leaving)
