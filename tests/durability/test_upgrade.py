"""An upgrade under traffic, as docs/deploy.md tells it: from the version before to this one, nothing is lost.

On PostgreSQL the schema goes first and the processes follow one by one, behind the Caddyfile that is shipped; on
SQLite, and over a migration that is older than the rule to only add, the service stands still between them. Real
processes of both versions, workers too.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import ROOT, fresh_database
from tests.durability.conftest import arxiv, told
from tests.durability.scale import FULL
from tests.durability.site import APIS, PARTS, START_SECONDS, Site
from tests.durability.versions import MIGRATIONS, skip_unless_it_runs, version_before
from tests.fakes import ReplayServer
from tests.hosts.test_hosts import Watcher
from tests.journeys.conftest import until

CALM_SECONDS = 30  # of traffic between the steps
STEPS = [1, 3]  # how many additions of migrations lie between the versions


@pytest.fixture(params=["postgres", "sqlite"])
def site(request: pytest.FixtureRequest, redis_url: str, tmp_path: Path) -> Iterator[Site]:
    """A site on an empty database, nothing of it running."""
    if not FULL:
        pytest.skip("takes minutes, and the history of the checkout: for `make soak`")
    if shutil.which("caddy") is None:
        pytest.skip("needs the program caddy")
    with ExitStack() as stack:
        sources = stack.enter_context(ReplayServer(arxiv))
        database = fresh_database(request.param, request.getfixturevalue, tmp_path, migrated=False)
        url = stack.enter_context(database)
        yield Site(stack, tmp_path, told(sources.url, redis_url, tmp_path) | {"SCHOLIUM_DATABASE_URL": url})


def upgrade(site: Site, before: Path, watcher: Watcher, *, standing: bool) -> str:
    """Bring the site to this version; `standing`: with nothing running meanwhile. Returns what the migration said."""
    if standing:
        for part in PARTS:
            site.stop(part)
        said = site.migrate(ROOT)
    else:
        said = site.migrate(ROOT)
        go_on(watcher)  # the version before, on the schema of this one
        site.stop("api2")  # and it can be started there, as after a crash
        site.start("api2", before if site_can_restart(before) else ROOT)
        go_on(watcher)
    for part in PARTS:
        if not standing:
            site.stop(part)
        site.start(part, ROOT)
        if not standing:
            go_on(watcher)
    return said


def takes_away(before: Path) -> bool:
    """Whether a migration lies between that is older than the rule to only add: the two must not run together."""
    ours = {path.name for path in (ROOT / MIGRATIONS).glob("*.sql")}
    new = ours - {path.name for path in (before / MIGRATIONS).glob("*.sql")}
    return any(name.startswith(("0013_", "0033_")) for name in new)


def site_can_restart(before: Path) -> bool:
    """Whether the version before starts on a schema with more in it: those do that have `beyond_us`."""
    return "beyond_us" in (before / "api" / "store" / "migrate.py").read_text("utf-8")


def go_on(watcher: Watcher) -> None:
    """Some traffic, of every kind."""
    since = time.monotonic()
    time.sleep(CALM_SECONDS)  # the length of the traffic, not a wait for something
    until(lambda: watcher.all_kinds_since(since), START_SECONDS, "traffic of every kind")


@pytest.mark.parametrize("steps", STEPS)
def test_an_upgrade_under_traffic_loses_no_write_and_makes_no_error(
    site: Site, steps: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine = request.node.callspec.params["site"]
    before = version_before(tmp_path / "before", steps)
    skip_unless_it_runs(before, engine)
    site.migrate(before)
    for part in PARTS:
        site.start(part, before)
    site.start_proxy()
    watcher = site.start_traffic()
    until(lambda: watcher.all_kinds_since(0), START_SECONDS, "the traffic")
    said = upgrade(site, before, watcher, standing=engine == "sqlite" or takes_away(before))
    go_on(watcher)
    assert all(site.answers(api, "ready") for api in APIS)
    judged = site.verdict()
    wrong = Counter(f"{one.kind} {one.wrong}".strip() for one in watcher.requests() if one.wrong)
    print(f"{said}{judged.acknowledged} objects acknowledged, {dict(wrong)} failed and were sent again")
    assert "applied" in said
    assert (judged.lost, judged.doubled, judged.refused, judged.missed) == ([], [], [], [])
    # What an API itself answers; a connection that was dropped is the proxy's 502.
    assert [one for one in wrong if " 5" in one and not one.endswith(" 502")] == []
