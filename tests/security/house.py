"""Two libraries with something of every kind in them, each marked, so that what leaks is seen.

Ada's is the one that others try to get at; whatever is hers holds `CANARY`.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from msgspec import Struct

from api.actions.desk import Desk
from api.actions.make_link import make_link
from api.actions.open_digest_feed import make_digest_feed
from api.actions.register import register
from api.domain.accounts import Account
from api.domain.clock import hlc
from api.letters.envelope import Envelope, message
from api.store import mail_files, snapshots
from api.store.database import Tx
from tests.http.conftest import PASSWORD, Client, bearer, sign_in
from tests.make import NOW, make_id

CANARY = "ada-canary"
OLD_KEY = "the key before this one, still taken while keys rotate"
# What is written down whenever somebody is recognized, or searches; all else must not move by a refused request.
_NOTED = {("device", "seen_at"), ("access_token", "used_at"), ("paper", "indexed_version")}
_MANY = 60  # deletions that a person is asked about


class Resident(Struct, frozen=True):
    """One person, signed in on one device, and the ids of what is theirs by the name of its place."""

    account: Account
    session: dict[str, Any]
    ids: dict[str, str]

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.session["access_token"])


class House(Struct, frozen=True):
    """Who lives here."""

    ada: Resident
    bob: Resident


async def furnish(client: Client, desk: Desk) -> House:
    """Both libraries, filled through the routes themselves."""
    return House(await _move_in(client, desk, "ada", CANARY), await _move_in(client, desk, "bob", "bob-mark"))


async def _move_in(client: Client, desk: Desk, name: str, mark: str) -> Resident:
    account = await register(desk, f"{name}@example.org", PASSWORD, by_admin=True)
    session = await sign_in(client, account.email)
    headers = bearer(session["access_token"])

    async def post(path: str, body: Any) -> dict[str, Any]:
        answer = await client.post(path, json=body, headers=headers)
        assert answer.status_code < 300, f"{path}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    ids = {
        noun: make_id(f"{name} {noun}") for noun in ("entry", "other entry", "highlights", "tags", "tag two", "lists")
    }
    ids |= {"spare tag": make_id(f"{name} spare tag"), "spare list": make_id(f"{name} spare list")}
    for tag in ("tags", "tag two", "spare tag"):
        await post("/v1/tags", {"id": ids[tag], "name": f"{mark} {tag}"})
    for list_ in ("lists", "spare list"):
        await post("/v1/lists", {"id": ids[list_], "name": f"{mark} {list_}"})
    for entry, note in (("entry", "a note"), ("other entry", "another")):
        page = {
            "title": f"{mark} {entry}",
            "metas": [["citation_title", f"{mark} {entry}"], ["citation_doi", _doi(mark, entry)]],
        }
        wish = {"id": ids[entry], "url": f"https://{name}.example.org/{entry.replace(' ', '-')}", "page": page}
        saved = await post(
            "/v1/saves", wish | {"note": f"{mark} {note}", "tags": [f"{mark} tags"], "lists": [ids["lists"]]}
        )
        ids[f"paper of {entry}"] = saved["paper"]["id"]
    quote = {"type": "TextQuoteSelector", "exact": f"{mark} quoted", "prefix": "", "suffix": ""}
    await post(
        "/v1/highlights", {"id": ids["highlights"], "entry_id": ids["entry"], "selectors": [quote], "comment": mark}
    )
    ids["library"] = account.library_id
    ids["token_id"] = (await post("/v1/tokens", {"name": mark, "scopes": ["read"]}))["id"]
    ids["session_id"] = (await sign_in(client, account.email))["device_id"]
    feed = await post("/v1/feeds", {"name": mark})
    ids |= {"feed_id": feed["id"], "secret": feed["url"].split("/")[-2], "filename": "x.bib"}
    bib = f"@article{{a, title = {{{mark} imported}}}}".encode()
    sent = await client.post("/v1/imports", content=bib, headers=headers | {"Content-Type": "application/x-bibtex"})
    ids["import_id"] = sent.json()["id"]
    await client.get("/v1/export?format=bibtex", headers=headers)  # the first one gives entries their citation keys
    ids["feed_secret"] = await make_digest_feed(desk, account.library_id)
    raw = message(Envelope("s@example.org", account.email, NOW, mark, "https://example.org"), mark, mark, mark)
    mail_files.put(desk.settings.data_dir, account.library_id, "digest", raw)
    ids["name"] = "digest.eml"
    ids["token"] = (await make_link(desk, "password", account.email)).rsplit("/", 1)[1]
    ids["op_id"] = await _hold(post, session, name, mark)
    return Resident(account, session, ids)


async def _hold(post: Any, session: dict[str, Any], name: str, mark: str) -> str:
    """Delete so much at once that it waits for a person's word; the id of one deletion."""
    device = session["device_id"]
    wire = {"schema": 1, "library_id": session["library_id"], "device_id": device}
    tags = [make_id(f"{name} doomed {n}") for n in range(_MANY)]
    made = [
        _op(device, n, f"made {key}", key, op="put", set={"name": f"{mark} doomed {n}"}) for n, key in enumerate(tags)
    ]
    await post("/v1/sync/push", wire | {"first_seq": 1, "ops": made})
    gone = [_op(device, _MANY + n, f"gone {key}", key, op="delete", base=2**40) for n, key in enumerate(tags)]
    answer = await post("/v1/sync/push", wire | {"first_seq": 1 + _MANY, "ops": gone})
    assert {result["status"] for result in answer["results"]} == {"held"}
    return str(gone[0]["id"])


def _op(device: str, n: int, name: str, key: str, **more: Any) -> dict[str, Any]:
    return {"id": make_id(name), "type": "tag", "key": key, "base": 0, "hlc": hlc(NOW + n, 0, device)} | more


def _doi(mark: str, entry: str) -> str:
    return f"10.5555/{mark}.{entry.replace(' ', '-')}"


async def fingerprint(desk: Desk, of: Resident | None = None) -> dict[str, str]:
    """A hash of each table's rows (all, or those that name this person), but for the notes that recognizing makes."""
    names = (of.account.id, of.account.library_id, of.session["device_id"]) if of else ("",)

    async def work(tx: Tx) -> dict[str, str]:
        found = {}
        for table in await snapshots.tables(tx, desk.database.dialect):
            rows = [
                line
                async for page in snapshots.pages(tx, table)
                for row in page
                for line in [json.dumps([str(row[c]) for c in table.columns if (table.name, c) not in _NOTED])]
                if any(name in line for name in names)
            ]
            found[table.name] = hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
        return found

    return await desk.database.read(work)


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables whose rows are not what they were."""
    return {name for name in before if before[name] != after[name]}


def unsigned(text: str) -> str:
    """An answer without what is of the one request alone: its id, the ids that it named, and how many came before."""
    text = re.sub(r'"(request_id|version|acked_seq)":"?[^",}]*"?', "", text)
    text = re.sub(r'name="csrf" value="[^"]*"', "", text)
    text = re.sub(r'"id":"[0-9a-f]{16}"|/f/[\w-]{43}/', "", text)  # an address, hashed; a fresh secret
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
