"""Languages as sources name them, in the two letters of ISO 639-1 where it has them.

PubMed, Europe PMC and Zenodo write three letters (ISO 639-2, some in the bibliographic form), Crossref two. Refuses
what is no code: a language that nobody knows is better unknown.
"""

from __future__ import annotations

import re

_PAIRS = (
    "afr:af ara:ar aze:az bul:bg bos:bs cat:ca ces:cs cze:cs chi:zh zho:zh dan:da deu:de ger:de ell:el gre:el "
    "eng:en epo:eo est:et eus:eu baq:eu fas:fa per:fa fin:fi fra:fr fre:fr gle:ga glg:gl heb:he hin:hi hrv:hr "
    "hun:hu hye:hy arm:hy ind:id isl:is ice:is ita:it jpn:ja kat:ka geo:ka kaz:kk kor:ko lat:la lav:lv lit:lt "
    "mkd:mk mac:mk msa:ms may:ms nld:nl dut:nl nor:no nob:nb pol:pl por:pt ron:ro rum:ro rus:ru slk:sk slo:sk "
    "slv:sl spa:es sqi:sq alb:sq srp:sr swe:sv tha:th tur:tr ukr:uk urd:ur vie:vi"
)
_TWO_OF_THREE = dict(pair.split(":") for pair in _PAIRS.split())


def language(code: str) -> str | None:
    """Two lower-case letters for a code of two or three, with or without a region; None for anything else."""
    word = re.split("[-_]", code.strip().lower())[0]
    if re.fullmatch("[a-z]{2}", word):
        return word
    return _TWO_OF_THREE.get(word)
