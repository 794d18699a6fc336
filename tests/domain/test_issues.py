"""What an issue tells: news first for the reader's tags, nothing twice, nothing that nobody asked for."""

from __future__ import annotations

from typing import Any

from api.domain.digest import DigestWish
from api.domain.issues import Issue, Material, Own, choose, words_of
from api.domain.papers import Paper
from api.domain.taste import Shelved, Taste
from api.domain.titles import title_fold
from api.domain.trending import Trend

ROBOTS = "A robot arm learns to grasp objects by touch and vision"
PLANTS = "Photosynthesis of desert plants under drought and heat"


def paper(name: str, title: str = "", **more: Any) -> Paper:
    return Paper(id=name, kind="preprint", title=title or f"Paper {name}", **more)


def trend(name: str, score: float = 2.0) -> Trend:
    return Trend(name, score, 2, ("2 people saved it this week",), ())


def shelf() -> list[Shelved]:
    robots = [Shelved(title_fold(f"{ROBOTS} number {n} robot grasping"), ("robotics",)) for n in range(4)]
    return robots + [Shelved(title_fold(f"{PLANTS} number {n} leaf"), ("botany",)) for n in range(4)]


def material(**more: Any) -> Material:
    told: dict[str, Any] = {"trending": (), "code": (), "published": (), "waiting": (), "shelf": (), "told": set()}
    return Material(**(told | more))


def names(issue: Issue) -> list[tuple[str, str]]:
    return [(item.part, item.paper.id) for item in issue.items]


def test_what_is_near_to_a_tag_comes_first_and_says_so() -> None:
    trending = [
        (paper("a", "Prime gaps are bounded"), trend("a", 3.0)),
        (paper("b", "Robot grasp by touch"), trend("b")),
    ]
    issue = choose(material(trending=trending, shelf=shelf()), DigestWish("daily"), "2026-11-30")
    assert [item.why for item in issue.items] == [
        "Matches your tag robotics · 2 people saved it this week",
        "2 people saved it this week",
    ]


def test_a_taste_knows_its_tags_apart_and_is_near_to_nothing_else() -> None:
    taste = Taste(shelf(), [words_of(paper("a", "Prime gaps are bounded"))])
    for title, tag in ((ROBOTS, "robotics"), (PLANTS, "botany")):
        near = taste.nearest(title_fold(title))
        assert near is not None
        assert near[0] == tag
    assert taste.nearest("prime gaps are bounded") is None
    assert Taste([]).nearest("robot") is None


def test_nothing_is_told_twice_but_other_news_of_the_same_paper_is() -> None:
    found = material(
        trending=[(paper("a"), trend("a"))],
        code=[Own(paper("a"), "e")],
        published=[Own(paper("b", venue="Nature"), "f")],
        told={("trending", "a"), ("code", "c")},
    )
    issue = choose(found, DigestWish("daily"), "2026-11-30")
    assert names(issue) == [("code", "a"), ("published", "b")]
    assert issue.items[1].why == "It is published now: Nature"


def test_an_issue_holds_the_parts_that_were_asked_for_and_no_more_papers() -> None:
    found = material(
        trending=[(paper(f"t{n}"), trend(f"t{n}")) for n in range(9)],
        waiting=[Own(paper(f"w{n}"), f"e{n}") for n in range(9)],
        code=[Own(paper("c"), "e")],
    )
    issue = choose(found, DigestWish("daily", parts=("trending", "waiting"), most=2), "2026-11-30")
    assert names(issue) == [
        ("trending", "t0"),
        ("trending", "t1"),
        ("waiting", "w0"),
        ("waiting", "w1"),
        ("waiting", "w2"),
    ]
    assert choose(found, DigestWish("daily", parts=("published",)), "2026-11-30").items == ()
