"""Whether a repository holds nothing but its own cover: what was promised is not there yet.

Refuses to judge by size or language: data are no language, and a cover may have large pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_COVER = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|citation|contributing|code_of_conduct|security|authors|changelog)(?:[._-].*)?"
    r"|\.git(?:ignore|attributes|keep|modules|hub)|\.ds_store|_config\.yml|\.nojekyll"
    r"|assets?|docs?|fig(?:ure)?s?|ima?ge?s?|media|pics|static"
    r"|.*\.(?:png|jpe?g|gif|svg|webp|pdf|mp4)"
)


def is_bare(names: Iterable[str]) -> bool:
    """Whether these names at the top of a repository are a cover alone: read me, licence, pictures, settings."""
    return all(_COVER.fullmatch(name.lower()) for name in names)
