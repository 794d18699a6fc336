"""What sources said, asked for once: the database remembers it for all papers, and many are asked about together.

An answer that is still fresh is taken from there; one that is not is asked by again, where the source said how
(RFC 9110 13: 304 is the answer that is there). A paper's finding is the same whichever way its answer came. Refuses to
remember what could not be read, and to let a question for many answer for a paper that it spoils.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from msgspec.structs import replace

from api.actions.desk import Desk
from api.domain.clock import read_rfc3339, rfc3339
from api.domain.papers import Finding
from api.store import answers, waiting
from api.store.answers import KeptAnswer, Standing
from api.store.database import Tx
from workers.answer_lives import DAY_MS, life_of
from workers.gateway import Gateway
from workers.refusals import Refused
from workers.sources.base import Answer, BadAnswer, BatchSource, Request

log = logging.getLogger(__name__)

MOST_WAITING = 1000  # papers that are looked through for others to ask about
Read = Callable[[Answer], Finding | None]
Understood = tuple[Answer, Finding | None]
T = TypeVar("T")


class _Known(NamedTuple, Generic[T]):
    kept: KeptAnswer
    said: tuple[Answer, T]


class Answers:
    """The way out with a memory, for one attempt at a paper.

    `fresh` holds what this attempt heard for the first time and is to be kept with its result.
    """

    def __init__(self, desk: Desk, gateway: Gateway) -> None:
        self.fresh: list[KeptAnswer] = []
        self._desk = desk
        self._gateway = gateway

    async def ask(self, request: Request, read: Read, many: BatchSource | None = None) -> Understood:
        """An answer and what `read` makes of it; raises as `Gateway.ask` does.

        With `many`, a source that takes several questions in one, other papers that wait are asked about too.
        """
        known = await self._remembered(request, read)
        if known is not None and self._is_fresh(known):
            return known.said
        said = None if many is None else await self._among_many(many, request)
        return said or await self._alone(request, read, known)

    async def ask_again(self, request: Request, read: Callable[[Answer], T]) -> T:
        """What `read` makes of an answer of now, however lately it was asked: for what changes within a day."""
        return (await self._alone(request, read, await self._remembered(request, read)))[1]

    async def _remembered(self, request: Request, read: Callable[[Answer], T]) -> _Known[T] | None:
        """The last answer, fresh or not, if this version of the program can read it."""
        kept = await self._desk.database.read(lambda tx: answers.get(tx, request.source, request.url))
        if kept is None:
            return None
        answer = _answer(kept)
        try:
            return _Known(kept, (answer, read(answer)))
        except BadAnswer:
            return None

    def _is_fresh(self, known: _Known[T] | None) -> bool:
        return known is not None and known.kept.fresh_until > self._desk.now()

    async def _alone(self, request: Request, read: Callable[[Answer], T], known: _Known[T] | None) -> tuple[Answer, T]:
        answer, finding = await self._gateway.ask(_asking_by(request, known), partial(_heard, known, read))
        self.fresh.append(_keeping(answer, finding, known.kept.misses if known else 0))
        return answer, finding

    async def _among_many(self, source: BatchSource, request: Request) -> Understood | None:
        """The answer that somebody got meanwhile, or that this attempt gets for all that wait; None: ask alone."""
        async with self._gateway.batching.turn(source.name) as may:
            known = await self._remembered(request, source.read)
            if known is not None and self._is_fresh(known):
                return known.said
            return await self._with_others(source, request, known) if may else None

    async def _with_others(
        self, source: BatchSource, request: Request, known: _Known[Finding | None] | None
    ) -> Understood | None:
        """Ask about this paper and those that wait when the turn comes; where that cannot be answered, none are."""
        asked = [request]

        async def make() -> Request:
            asked.extend(await self._desk.database.read(partial(self._others, source, request)))
            return source.ask_many(asked) if len(asked) > 1 else _asking_by(request, known)

        def read(answer: Answer) -> list[Understood]:
            if len(asked) == 1:
                return [_heard(known, source.read, answer)]
            return [one for part in source.split(asked, answer) if (one := _read(source, part))]

        try:
            understood = await self._gateway.ask_when(source.name, make, read)
        except (BadAnswer, Refused) as odd:
            if len(asked) == 1:
                raise
            log.warning("%s could not answer for %d papers at once: %s", source.name, len(asked), odd)
            await self._gateway.batching.shun(source.name)
            return None
        if len(asked) == 1:
            self.fresh.append(_keeping(*understood[0], known.kept.misses if known else 0))
            return understood[0]
        log.info("%s answered for %d papers at once", source.name, len(understood))
        await self._desk.database.write(partial(_keep_all, source.name, understood))
        return next((one for one in understood if one[0].url == request.url), None)

    async def _others(self, source: BatchSource, request: Request, tx: Tx) -> list[Request]:
        """The questions of other papers that wait and have no answer yet, as many as go into one."""
        now = self._desk.now()
        papers = await waiting.waiting(tx, now, MOST_WAITING)
        answered = await waiting.answered_by(tx, source.name, list(papers), now - DAY_MS)
        asked = {q.url: q for p, ids in papers.items() if (q := source.ask(ids)) and (p, q.url) not in answered}
        known = await answers.standing(tx, source.name, list(asked))
        asked.pop(request.url, None)
        open_ones = [q for url, q in asked.items() if known.get(url, Standing(0, 0)).fresh_until <= now]
        return open_ones[: source.most_at_once - 1]


def _read(source: BatchSource, part: Answer) -> Understood | None:
    """A paper's part of an answer, or None where it is no answer: that paper is asked about alone."""
    try:
        return part, source.read(part)
    except BadAnswer:
        return None


async def _keep_all(source: str, understood: list[Understood], tx: Tx) -> None:
    known = await answers.standing(tx, source, [answer.url for answer, _ in understood])
    misses = {url: one.misses for url, one in known.items()}
    await answers.keep(tx, [_keeping(answer, said, misses.get(answer.url, 0)) for answer, said in understood])


def _keeping(answer: Answer, finding: object, misses: int) -> KeptAnswer:
    at = read_rfc3339(answer.fetched_at)
    absent = finding is None or answer.status >= 400
    misses = misses + 1 if absent else 0
    return KeptAnswer(
        answer.source,
        answer.url,
        answer.status,
        answer.content_type,
        answer.body,
        answer.etag,
        answer.last_modified,
        at,
        at + life_of(answer.source, misses),
        misses,
    )


def _asking_by(request: Request, known: _Known[T] | None) -> Request:
    """The question with what the source said to ask by again."""
    if known is None:
        return request
    by = (("If-None-Match", known.kept.etag), ("If-Modified-Since", known.kept.last_modified))
    return replace(request, headers=(*request.headers, *(each for each in by if each[1])))


def _heard(known: _Known[T] | None, read: Callable[[Answer], T], answer: Answer) -> tuple[Answer, T]:
    """An answer and what it says; "not modified" is the one that is there, said anew."""
    if answer.status == 304 and known is not None and (known.kept.etag or known.kept.last_modified):
        before, finding = known.said
        return replace(before, fetched_at=answer.fetched_at), finding
    return answer, read(answer)


def _answer(kept: KeptAnswer) -> Answer:
    return Answer(
        kept.source,
        kept.asked,
        kept.status,
        kept.content_type,
        kept.body,
        rfc3339(kept.fetched_at),
        kept.etag,
        kept.last_modified,
    )
