"""`/v1/papers/{id}` with who claims its identity, and the routes by which a person says otherwise."""

from __future__ import annotations

from typing import Any

from api.actions.desk import Desk
from api.store import snapshots
from api.store.database import Tx
from tests.actions.speaking import ABS, ARXIV, DOI, enrich
from tests.http.conftest import PASSWORD, Client, bearer
from tests.make import make_id


async def saved(client: Client, ada: dict[str, Any], url: str, **page: str) -> dict[str, Any]:
    """Save an address with what its page says."""
    wish: dict[str, Any] = {"id": make_id(url), "url": url}
    if page:
        wish["page"] = {"metas": [[f"citation_{name}", text] for name, text in page.items()]}
    answer = await client.post("/v1/saves", json=wish, headers=bearer(ada["access_token"]))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_paper_says_who_claims_its_identifiers_and_its_forms(
    client: Client, ada: dict[str, Any], desk: Desk
) -> None:
    paper = (await saved(client, ada, ABS))["paper"]["id"]
    await enrich(desk, "preprint")
    shown = (await client.get(f"/v1/papers/{paper}", headers=bearer(ada["access_token"]))).json()
    said = [(one["scheme"], one["value"], one["source"]) for one in shown["claims"]["identifiers"]]
    assert said == [("arxiv", ARXIV, "arxiv"), ("arxiv", ARXIV, "page"), ("doi", DOI, "arxiv")]
    assert [(one["url"], one["source"]) for one in shown["claims"]["manifestations"]] == [(ABS, "page")]
    assert shown["proposals"] == []


async def test_split_and_join_answer_with_the_papers_and_can_be_asked_again(
    client: Client, ada: dict[str, Any], desk: Desk
) -> None:
    head = bearer(ada["access_token"])
    paper = (await saved(client, ada, ABS))["paper"]["id"]
    await enrich(desk, "preprint")
    wish = {"identifiers": [f"doi:{DOI}"]}
    made = [await client.post(f"/v1/papers/{paper}/split", json=wish, headers=head) for _ in range(2)]
    assert [answer.status_code for answer in made] == [200, 200]
    assert made[0].json() == made[1].json()
    halves = made[0].json()
    assert halves["other"]["identifiers"] == {"doi": [DOI]}
    assert halves["paper"]["proposals"] == halves["other"]["proposals"] == []  # the person has spoken
    one, other = halves["paper"]["id"], halves["other"]["id"]
    joined = [await client.post(f"/v1/papers/{one}/join", json={"other": other}, headers=head) for _ in range(2)]
    assert joined[0].json() == joined[1].json()
    assert joined[0].json()["identifiers"] == {"arxiv": [ARXIV], "doi": [DOI]}


async def test_a_title_proposes_and_joins_nothing(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    told = {"title": "On slow light", "author": "Lovelace, Ada", "date": "2018"}
    one, other = [await saved(client, ada, f"https://{host}.example.org/slow", **told) for host in ("a", "b")]
    shown = (await client.get(f"/v1/papers/{one['paper']['id']}", headers=head)).json()["proposals"]
    assert [(each["paper_id"], each["entry_id"], each["why"]) for each in shown] == [
        (other["paper"]["id"], other["entry"]["id"], "title")
    ]
    answer = await client.post(
        f"/v1/papers/{one['paper']['id']}/apart", json={"other": shown[0]["paper_id"]}, headers=head
    )
    assert (answer.status_code, answer.json()["proposals"]) == (200, [])
    assert len((await client.get("/v1/entries", headers=head)).json()["items"]) == 2


async def test_what_makes_no_sense_is_refused(client: Client, ada: dict[str, Any]) -> None:
    head = bearer(ada["access_token"])
    paper = (await saved(client, ada, ABS))["paper"]["id"]
    for wish in ({"identifiers": []}, {"identifiers": [f"arxiv:{ARXIV}"]}, {"identifiers": ["x"], "more": 1}):
        assert (await client.post(f"/v1/papers/{paper}/split", json=wish, headers=head)).status_code == 400
    assert (await client.post(f"/v1/papers/{paper}/apart", json={"other": paper}, headers=head)).status_code == 400
    nowhere = make_id("nowhere")
    for verb in ("join", "apart"):
        answer = await client.post(f"/v1/papers/{paper}/{verb}", json={"other": nowhere}, headers=head)
        assert answer.status_code == 404


async def test_a_persons_word_is_in_the_accounts_file_and_goes_with_the_account(
    client: Client, ada: dict[str, Any], desk: Desk
) -> None:
    head = bearer(ada["access_token"])
    paper = (await saved(client, ada, ABS))["paper"]["id"]
    await enrich(desk, "preprint")
    halves = (await client.post(f"/v1/papers/{paper}/split", json={"identifiers": [f"doi:{DOI}"]}, headers=head)).json()
    whole = (await client.get("/v1/account/export", headers=head)).json()
    ids = {"arxiv": halves["paper"]["id"], "doi": halves["other"]["id"]}
    assert {one["scheme"]: one["paper_id"] for one in whole["identities"]} == ids
    assert whole["apart"] == [sorted(ids.values())]
    gone = await client.request("DELETE", "/v1/account", json={"password": PASSWORD}, headers=head)
    assert gone.status_code == 204

    async def left(tx: Tx) -> dict[str, int]:
        found = {}
        for table in await snapshots.tables(tx, desk.database.dialect):
            rows = [row async for page in snapshots.pages(tx, table) for row in page]
            found[table.name] = sum(any(str(cell) in ids.values() for cell in row.values()) for row in rows)
        return {name: n for name, n in found.items() if n}

    assert await desk.database.read(left) == {}
