"""The alert rules: complete, well formed, and over figures and labels that /metrics has."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
import yaml

from api.counters import series
from api.domain.jobs import LaneName
from api.http.metrics import FIGURES
from tests.conftest import ROOT

RULES: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())["groups"][0]["rules"]
LABELS = {
    "scholium_http_requests_total": {"method", "route", "status"},
    "scholium_http_request_seconds": {"method", "route", "le"},
    "scholium_jobs_total": {"kind", "outcome"},
    "scholium_lane_waiting": {"lane"},
    "scholium_lane_oldest_seconds": {"lane"},
    "scholium_clock_round_age_seconds": {"round"},
    "scholium_clock_round_failed": {"round"},
    "scholium_source_shut_seconds": {"source"},
}
FUNCTIONS = {"absent", "sum", "max", "rate", "increase", "histogram_quantile", "by", "or"}


def known(name: str) -> bool:
    """Whether /metrics has this figure, or a part of it where it is a histogram."""
    ends = {"histogram": ("_bucket", "_sum", "_count")}
    return any(name in {f.name + end for end in ends.get(f.type, ("",))} for f in FIGURES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_says_what_is_wrong_how_urgent_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"Scholium[A-Z]\w+", rule["alert"])
    assert rule["labels"]["level"] in ("page", "ticket")
    assert set(rule["annotations"]) == {"summary", "todo"}
    assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_expression_is_balanced_and_over_figures_and_labels_that_there_are(rule: dict[str, Any]) -> None:
    expression = rule["expr"]
    bare = re.sub(r'"[^"]*"', "", expression)
    for opening, closing in ("()", "{}", "[]"):
        assert bare.count(opening) == bare.count(closing)
    for name in re.findall(r"\bscholium_\w+", expression):
        assert known(name), name
    for name, labels in re.findall(r"\b(scholium_\w+)\{([^}]*)\}", expression):
        figure = re.sub(r"_(bucket|sum|count)$", "", name)
        assert set(re.findall(r"(\w+)\s*[!=]~?\s*\"", labels)) <= LABELS[figure]
    words = set(re.findall(r"\b[a-z_]+\b", re.sub(r"\{[^}]*\}|\[[^]]*\]|scholium_\w+", " ", bare)))
    assert words <= FUNCTIONS | {"up", "le"}


def test_lanes_and_outcomes_in_the_rules_are_those_of_the_program() -> None:
    text = " ".join(rule["expr"] for rule in RULES)
    for lanes in re.findall(r'lane=~?"([^"]+)"', text):
        assert set(lanes.split("|")) <= set(get_args(LaneName))
    jobs = (ROOT / "workers" / "jobs.py").read_text()
    for outcome in re.findall(r'outcome="([^"]+)"', text):
        assert f'"{outcome}"' in jobs


def test_a_rule_stands_for_each_thing_that_must_not_fail_unseen() -> None:
    text = " ".join(rule["expr"] for rule in RULES)
    watched = ("queue_up", "workers", "jobs_dead", "lane_oldest_seconds", "clock_round_age", "source_shut")
    assert [name for name in watched if name not in text] == []
    assert len({rule["alert"] for rule in RULES}) == len(RULES)


def test_the_table_of_labels_is_that_of_the_figures() -> None:
    assert all(any(figure.name == name for figure in FIGURES) for name in LABELS)
    assert series("scholium_lane_waiting", lane="new") == 'scholium_lane_waiting{lane="new"}'
