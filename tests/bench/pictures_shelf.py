"""What is on the shelf of the pictures: a reader's papers, tags, lists, highlights and notes, by the API alone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import httpx

from tests.make import make_id

# title, authors, venue, year, DOI or address, tags, status, day of saving, what its abstract says
PAPERS: tuple[tuple[str, str, str, int, str, str, str, str, str], ...] = (
    ("Attention Is All You Need", "Ashish Vaswani; Noam Shazeer; Niki Parmar; Jakob Uszkoreit", "NeurIPS", 2017,
     "https://arxiv.org/abs/1706.03762", "attention, thesis", "read", "2026-09-02",
     "A network for translation that is built of attention alone, without recurrence, and trains in less time."),
    ("BERT: Pre-training of Deep Bidirectional Transformers", "Jacob Devlin; Ming-Wei Chang; Kenton Lee", "NAACL", 2019,
     "https://doi.org/10.18653/v1/N19-1423", "attention, pretraining", "read", "2026-09-08",
     "Reading a sentence from both sides at once gives representations that many tasks can be tuned from."),
    ("Deep Residual Learning for Image Recognition", "Kaiming He; Xiangyu Zhang; Shaoqing Ren", "CVPR", 2016,
     "https://doi.org/10.1109/CVPR.2016.90", "vision", "read", "2026-09-16",
     "Layers that learn what is to be added to their input can be stacked by the hundred."),
    ("An Image Is Worth 16x16 Words", "Alexey Dosovitskiy; Lucas Beyer; Alexander Kolesnikov", "ICLR", 2021,
     "https://arxiv.org/abs/2010.11929", "vision, attention", "reading", "2026-10-05",
     "Pictures cut into patches are read like sentences; with enough data that is as good as convolution."),
    ("Denoising Diffusion Probabilistic Models", "Jonathan Ho; Ajay Jain; Pieter Abbeel", "NeurIPS", 2020,
     "https://arxiv.org/abs/2006.11239", "diffusion", "to_read", "2026-10-20",
     "Pictures are made by learning to undo noise, one small step after another."),
    ("Masked Autoencoders Are Scalable Vision Learners", "Kaiming He; Xinlei Chen; Saining Xie", "CVPR", 2022,
     "https://arxiv.org/abs/2111.06377", "vision, pretraining", "reading", "2026-11-03",
     "Three quarters of a picture are hidden, and what is there suffices to learn what is not."),
    ("A Survey of State Representations for Reinforcement Learning", "Maya Okafor; Lina Berg", "JMLR", 2024,
     "https://journal.example.org/state-representations", "thesis, reinforcement", "to_read", "2026-11-12",
     "What an agent should remember of what it saw, in five families of methods and one benchmark."),
    ("Why Offline Edits Commute", "Priya Natarajan; Tom de Vries", "PODC", 2025,
     "https://journal.example.org/offline-edits", "sync", "to_read", "2026-11-18",
     "Two devices that never meet can still agree, if each says what it had seen."),
    ("Reading Lists That Compile", "Jorge Salas; Ada Winter", "Preprint", 2026,
     "https://journal.example.org/reading-lists", "thesis, sync", "to_read", "2026-11-26",
     "A bibliography is a program; this is its type system."),
)  # fmt: skip
COLORS = {"attention": "orange", "thesis": "red", "vision": "blue", "sync": "green", "diffusion": "purple"}
FILE = b"@article{a1, title={A Record That Is Whole}, year={2024}}\n@article{a2, year={2024}}\n"


def furnish(client: httpx.Client, mail: str, password: str) -> dict[str, str]:
    """An account with all of it; the ids of what the pictures' addresses name."""
    assert client.post("/v1/accounts", json={"email": mail, "password": password}).status_code == 201
    session = client.post("/v1/sessions", json={"email": mail, "password": password, "device": "Laptop"}).json()
    client.headers["Authorization"] = f"Bearer {session['access_token']}"
    lists = {name: make_id(name) for name in ("Reading group", "Chapter two")}
    for name, color in (("Reading group", "blue"), ("Chapter two", "red")):
        _post(client, "/v1/lists", {"id": lists[name], "name": name, "color": color})
    for paper in PAPERS:
        _save(client, paper, list(lists.values())[:1] if "attention" in paper[5] or "sync" in paper[5] else [])
    for tag in client.get("/v1/tags").json()["items"]:
        client.patch(f"/v1/tags/{tag['id']}", json={"color": COLORS.get(tag["name"])}).raise_for_status()
    first = make_id(PAPERS[0][0])
    _mark(client, first)
    _post(client, "/v1/feeds", {"name": "thesis", "tag": "thesis"})
    _post(client, "/v1/tokens", {"name": "Overleaf script", "scopes": ["export"]})
    _throw_away(client)
    run = client.post("/v1/imports?filename=old.bib", content=FILE, headers={"Content-Type": "application/x-bibtex"})
    run.raise_for_status()
    tags = {one["name"]: one["id"] for one in client.get("/v1/tags").json()["items"]}
    return {"entry": first, "list": lists["Reading group"], "tag": tags["thesis"], "import": run.json()["id"]}


def _post(client: httpx.Client, path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code < 300, answer.text
    return answer.json()


def _save(client: httpx.Client, paper: tuple[str, str, str, int, str, str, str, str, str], lists: list[str]) -> None:
    title, authors, venue, year, url, tags, status, day, abstract = paper
    metas = [["citation_title", title], ["citation_abstract", abstract], ["citation_publication_date", str(year)]]
    metas += [["citation_author", name] for name in authors.split("; ")]
    metas += [["citation_conference_title", venue]]
    links = [[f"https://github.com/example/{re.sub('[^a-z]+', '-', title.lower())}", "Code"]] if year > 2019 else []
    page = {"title": title, "metas": metas, "links": links, "text": f"{title} {abstract}"}
    more = {"tags": tags.split(", "), "lists": lists, "status": status, "saved_at": f"{day}T09:00:00.000Z"}
    _post(client, "/v1/saves", {"id": make_id(title), "url": url, "page": page} | more)


def _mark(client: httpx.Client, entry: str) -> None:
    for number, (text, color) in enumerate((("attention alone", "yellow"), ("trains in less time", "green"))):
        quote_ = [{"type": "TextQuoteSelector", "exact": text}]
        _post(
            client,
            "/v1/highlights",
            {"id": make_id(f"mark {number}"), "entry_id": entry, "selectors": quote_, "color": color},
        )
    note = "Compare with *chapter two*:\n\n- what is the cost per layer?\n- which part is the position?"
    client.patch(f"/v1/entries/{quote(entry)}", json={"note": note, "starred": True}).raise_for_status()


def _throw_away(client: httpx.Client) -> None:
    """Something in the trash."""
    gone = make_id("gone")
    _post(
        client,
        "/v1/saves",
        {"id": gone, "url": "https://journal.example.org/gone", "page": {"title": "Saved by mistake"}},
    )
    client.delete(f"/v1/entries/{gone}").raise_for_status()
