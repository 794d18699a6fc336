"""Identity as claims: who says that an identifier or an address is a paper's, and when; what of it a person overrules.

Which of several papers an answer is about is computed each time from what was asked, so that nothing is copied or lost
when a person takes papers apart. Refuses to believe the merged record of a map of ids about either part of what a
person took apart, since it tells of both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import unquote

from msgspec import Struct, structs

from api.domain import schemes
from api.domain.errors import BadUrl
from api.domain.identifiers import identify
from api.domain.joining import ID_MAPS, TRUSTED
from api.domain.papers import Finding, Identifier, Manifestation

_KNOWN = frozenset((*schemes.SCHEMES, "arxiv", "doi"))  # schemes with a grammar; addresses and hashes have none


class Answer(Struct, frozen=True):
    """What a source answered: what was asked (an address or an identifier), when (RFC 3339), and what it means."""

    asked: str
    at: str
    finding: Finding


class Claim(Struct, frozen=True, order=True):
    """One source's word that an identifier is the paper's; `at` is RFC 3339."""

    scheme: str
    value: str
    source: str
    at: str


class FormClaim(Struct, frozen=True, order=True):
    """One source's word that an address shows the paper."""

    url: str
    source: str
    at: str


class Claims(Struct, frozen=True):
    """Everything that is claimed of a paper's identity, sorted; of one source's words for one thing the newest."""

    identifiers: tuple[Claim, ...] = ()
    manifestations: tuple[FormClaim, ...] = ()


def claims_of(answers: Iterable[tuple[str, Finding]], own: Collection[Identifier], given: Iterable[Claim]) -> Claims:
    """The claims in these answers (when, finding) about identifiers of a paper, beside those `given` with no answer."""
    named = {(one.scheme, one.value, one.source): one.at for one in given}
    shown: dict[tuple[str, str], str] = {}
    for at, finding in answers:
        for each in finding.identifiers:
            if each in own:
                key = (each.scheme, each.value, finding.source)
                named[key] = max(at, named.get(key, ""))
        for form in finding.manifestations:
            shown[form.url, finding.source] = max(at, shown.get((form.url, finding.source), ""))
    return Claims(
        tuple(sorted(Claim(*key, at) for key, at in named.items())),
        tuple(sorted(FormClaim(*key, at) for key, at in shown.items())),
    )


def named_at(url: str) -> tuple[Identifier, ...]:
    """The identifiers that an address names by itself; none where it is no address."""
    try:
        return identify(url).identifiers
    except BadUrl:
        return ()


def by_rule(identifier: Identifier) -> frozenset[Identifier]:
    """The identifier with those that follow from it by rule (an ACL id and its DOI): nobody can take these apart."""
    if identifier.scheme not in _KNOWN:
        return frozenset((identifier,))
    claim = schemes.claim(identifier.scheme, identifier.value)
    return frozenset((identifier, *(claim.identifiers if claim else ())))


def bare(identifiers: Sequence[Identifier]) -> Finding:
    """What identifiers tell of a paper by themselves: the page that each of them names."""
    pages = []
    for each in identifiers:
        claim = schemes.claim(each.scheme, each.value) if each.scheme in _KNOWN else None
        if claim is not None and claim.page:
            pages.append(Manifestation("abs" if each.scheme == "arxiv" else "landing", claim.page))
    return Finding("page", identifiers=tuple(identifiers), manifestations=tuple(pages))


def subject(answer: Answer, known: Collection[Identifier]) -> Identifier | None:
    """Which of the known identifiers an answer is about: the one that was asked for, else the first that it names."""
    at_address = named_at(answer.asked) if answer.finding.source == "page" else ()
    first = next((each for each in at_address if each in known), None)
    if first is not None:
        return first
    asked = unquote(answer.asked).casefold()
    found = [each for each in known if _stands_in(each.value.casefold(), asked)]
    if found:
        return max(found, key=lambda each: (len(each.value), each))
    return next((each for each in answer.finding.identifiers if each in known), None)


def _stands_in(value: str, text: str) -> bool:
    return value in text and re.search(rf"(?<![0-9a-z]){re.escape(value)}(?![0-9a-z])", text) is not None


def part(
    answers: Iterable[Answer], own: Collection[Identifier], others: Collection[Identifier]
) -> list[tuple[str, Finding]]:
    """What is said of the paper of `own` (when, finding), where `others` are other papers' by a person's word."""
    kept: list[tuple[str, Finding]] = []
    known = {*own, *others}
    for answer in answers:
        about = subject(answer, known)
        mixed = answer.finding.source in ID_MAPS and any(each in others for each in answer.finding.identifiers)
        if not mixed and (about is None or about in own):
            kept.append((answer.at, _without(answer.finding, own, others)))
    return kept


def _without(finding: Finding, own: Collection[Identifier], others: Collection[Identifier]) -> Finding:
    """The finding without what it says of other papers."""

    def foreign(url: str) -> bool:
        named = named_at(url)
        return any(each in others for each in named) and not any(each in own for each in named)

    return structs.replace(
        finding,
        identifiers=tuple(each for each in finding.identifiers if each not in others),
        manifestations=tuple(one for one in finding.manifestations if not foreign(one.url)),
    )


def adopted(
    fresh: Iterable[Identifier], answers: Sequence[Answer], owners: Mapping[Identifier, str], otherwise: str
) -> dict[Identifier, str]:
    """Whose paper (id) each fresh identifier is, where a person said whose the others are.

    By rule, else by the word of who keeps records, else by anybody's; `otherwise` where these name none or several.
    """
    found: dict[Identifier, str] = {}
    subjects = [(answer.finding, subject(answer, owners)) for answer in answers]
    for each in sorted(fresh):
        ruled = {owners[other] for other in by_rule(each) if other in owners}
        said = [(f.source, owners[about]) for f, about in subjects if about is not None and each in f.identifiers]
        trusted = {paper_id for source, paper_id in said if source in TRUSTED}
        for votes in (ruled, trusted, {paper_id for _, paper_id in said}):
            if len(votes) == 1:
                found[each] = votes.pop()
                break
        found.setdefault(each, otherwise)
    return found
