"""Tags on two devices that are offline at the same time: one name is one tag, and what is done to it is one op."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.durability.browsers import Browser
from tests.durability.conftest import Service
from tests.durability.devices import HttpDevice

SignIn = Callable[[str, str], HttpDevice]
Two = tuple[Browser, Browser]


@pytest.fixture
def two(service: Service, sign_in: SignIn, browsers: Callable[[], Browser]) -> Two:
    """Two connected browsers."""
    made = browsers(), browsers()
    for browser, name in zip(made, ("laptop", "phone"), strict=True):
        browser.connect(service.url, sign_in(service.url, name))
    return made


def meet(two: Two) -> None:
    """Both hear of each other."""
    for browser in (*two, two[0]):
        browser.sync()


def test_a_name_that_two_devices_make_offline_is_one_tag_with_an_alias(
    two: Two, service: Service, sign_in: SignIn
) -> None:
    papers = []
    for browser, name in zip(two, ("Thesis", "thesis "), strict=True):
        papers.append(browser.save(f"https://example.org/{name.strip()}"))
        browser.tag(papers[-1], name)
    made = [browser.tags()[0]["key"] for browser in two]
    assert made[0] != made[1]
    meet(two)

    survivor, alias = sorted(made)
    for browser in two:
        assert [tag["key"] for tag in browser.tags()] == [survivor]
        assert [[tag["key"] for tag in browser.tags(paper)] for paper in papers] == [[survivor], [survivor]]
    feed = sign_in(service.url, "reader").library_now()
    assert (feed[alias]["deleted"], feed[alias]["merged_into"]) == (True, survivor)
    assert [feed[paper]["data"]["tags"] for paper in papers] == [[survivor], [survivor]]


def test_a_rename_a_colour_and_a_merge_made_offline_are_one_op_each_and_meet_what_the_other_did(two: Two) -> None:
    laptop, phone = two
    first, second = laptop.save("https://example.org/1"), laptop.save("https://example.org/2")
    for paper, name in ((first, "vision"), (second, "sight"), (first, "maths")):
        laptop.tag(paper, name)
    meet(two)

    for how, name, other in (
        ("rename", "maths", "logic"),
        ("recolor", "vision", "green"),
        ("merge", "sight", "vision"),
    ):
        before = len(laptop.shown()["outbox"])
        laptop.change_tag(how, name, other)
        assert len(laptop.shown()["outbox"]) == before + 1
    third = phone.save("https://example.org/3")
    phone.tag(third, "sight")  # not knowing that it is another tag by now
    phone.change_tag("recolor", "maths", "red")
    meet(two)

    for browser in two:
        assert sorted((tag["name"], tag["color"]) for tag in browser.tags()) == [("logic", "red"), ("vision", "green")]
        on = {paper: sorted(tag["name"] for tag in browser.tags(paper)) for paper in (first, second, third)}
        assert on == {first: ["logic", "vision"], second: ["vision"], third: ["vision"]}
        assert not browser.shown()["outbox"]
