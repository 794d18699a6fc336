"""Every setting, read once from the environment at the root and passed down; one frozen Struct.

Refuses an unknown choice, a short secret and a number that is none, with the variable's name in the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct

from api.domain.errors import BadEmail
from api.domain.passwords import check_email

PREFIX = "SCHOLIUM_"
Registration = Literal["closed", "invite", "open"]
LogFormat = Literal["text", "json"]
FEWEST_TRASH_DAYS = 7  # a slip of the hand is found within a week
MOST_CATEGORIES = 20  # of arXiv, in one address
FEWEST_TOMBSTONE_DAYS = 400  # a device that slept for a year still learns what was deleted


class Settings(Struct, frozen=True):
    """What the environment says; each field is `SCHOLIUM_` and its name in capitals."""

    data_dir: Path = Path("var")  # database, queue, key and mails of an all-in-one instance
    database_url: str = ""  # sqlite:///path or postgresql://…; empty: scholium.db in the data folder
    redis_url: str = ""  # redis://… or unix://…; empty: the queue of `scholium up` in the data folder
    base_url: str = "http://127.0.0.1:8420"  # the address that people and links use
    host: str = "127.0.0.1"  # the address to listen on
    port: int = 8420  # the port to listen on
    secret_key: str = ""  # 32 characters or more; empty: made once in the data folder
    secret_key_previous: str = ""  # still accepted while keys rotate
    registration: Registration = "closed"
    contact_email: str = ""  # sent to outside sources, as their rules of politeness ask
    smtp_url: str = ""  # smtp://user:password@host:587 or smtps://…; empty: mails lie in the data folder
    mail_from: str = ""  # who writes mails; empty: scholium at the host of base_url
    log_format: LogFormat = "text"
    metrics_token: str = ""  # who shows it may read /metrics; empty: this machine alone
    trusted_proxies: str = ""  # addresses or networks, commas between, whose X-Forwarded-For is believed
    hosts: str = ""  # other host names of this service, commas between; that of base_url is one
    limits: bool = True  # off for tests
    requests_per_account: int = 300  # a minute
    requests_per_address: int = 300  # a minute, of those who are not signed in
    heavy_per_account: int = 30  # exports and imports a minute
    login_per_account: int = 5  # tries in 15 minutes
    login_per_address: int = 20  # tries in 15 minutes
    feed_per_address: int = 300  # reads of open addresses in 15 minutes
    import_bytes: int = 20_000_000  # the largest file that an import takes
    access_token_seconds: int = 900  # life of an access token
    refresh_token_days: int = 60  # idle life of a refresh token
    refresh_grace_seconds: int = 60  # a lost answer is normal: the same refresh token once more
    # Outside sources: an empty address switches one off; the interval is that between two requests of all workers.
    arxiv_url: str = "https://export.arxiv.org"
    arxiv_interval_seconds: float = 3.0
    biorxiv_url: str = "https://api.biorxiv.org"
    biorxiv_interval_seconds: float = 1.0
    crossref_url: str = "https://api.crossref.org"
    crossref_interval_seconds: float = 0.2
    datacite_url: str = "https://api.datacite.org"
    datacite_interval_seconds: float = 0.6
    doi_url: str = "https://doi.org"
    doi_interval_seconds: float = 0.5
    europepmc_url: str = "https://www.ebi.ac.uk"
    europepmc_interval_seconds: float = 0.5
    github_url: str = "https://api.github.com"
    github_interval_seconds: float = 60.0  # 0.75 with a token
    github_token: str = ""
    huggingface_url: str = "https://huggingface.co"
    huggingface_interval_seconds: float = 0.6
    huggingface_token: str = ""
    ncbi_key: str = ""
    openalex_url: str = "https://api.openalex.org"
    openalex_interval_seconds: float = 0.2
    openalex_key: str = ""
    pubmed_url: str = "https://eutils.ncbi.nlm.nih.gov"
    pubmed_interval_seconds: float = 0.35  # 0.1 with a key
    semantic_scholar_url: str = "https://api.semanticscholar.org"
    semantic_scholar_interval_seconds: float = 1.0
    semantic_scholar_key: str = ""
    unpaywall_url: str = "https://api.unpaywall.org"
    unpaywall_interval_seconds: float = 1.0
    zenodo_url: str = "https://zenodo.org"
    zenodo_interval_seconds: float = 1.0
    semantic: bool = False  # search by meaning too, where the packages of scholium[semantic] are installed
    # Lists for what trends: none is asked for unless it is named here.
    trending_huggingface: bool = False  # the papers of the day
    trending_arxiv: str = ""  # categories, commas between
    arxiv_list_url: str = "https://rss.arxiv.org"
    answer_bytes: int = 200_000_000  # of sources' answers that are remembered; looked at hourly
    allow_private_sources: bool = False  # for tests: source addresses from the settings may be on loopback
    enrich_lease_seconds: int = 90  # a worker that died is followed after this time
    sweep_seconds: float = 30.0  # how often the ticker looks for work that the queue lost
    trash_days: int = 30  # how long what was deleted can be brought back; 0: for good, else 7 or more
    tombstone_days: int = 0  # how long deletions are remembered; 0: for good, else 400 or more

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys whose signatures are accepted; the first one signs."""
        return tuple(key for key in (self.secret_key, self.secret_key_previous) if key)

    @property
    def database(self) -> str:
        """The database's address, the data folder's own where none is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'scholium.db'}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from `SCHOLIUM_…` variables; raises ValueError that names the variable."""
    found: dict[str, object] = {}
    for name in Settings.__struct_fields__:
        text = environment.get(PREFIX + name.upper())
        if text is not None:
            found[name] = _typed(name, text.strip())
    settings = Settings(**found)  # type: ignore[arg-type]  # _typed gave each field its own type
    _check_networks(settings.trusted_proxies)
    _check_categories(settings.trending_arxiv)
    for name in ("secret_key", "secret_key_previous", "metrics_token"):
        if 0 < len(getattr(settings, name)) < 32:
            raise ValueError(f"{PREFIX}{name.upper()} must have at least 32 characters")
    if settings.smtp_url and not settings.smtp_url.startswith(("smtp://", "smtps://")):
        raise ValueError(f"{PREFIX}SMTP_URL must start with smtp:// or smtps://")
    if settings.mail_from and not _is_address(settings.mail_from):
        raise ValueError(f"{PREFIX}MAIL_FROM must be a mail address")
    if settings.trash_days and settings.trash_days < FEWEST_TRASH_DAYS:
        raise ValueError(f"{PREFIX}TRASH_DAYS must be 0 or at least {FEWEST_TRASH_DAYS}")
    if settings.tombstone_days and settings.tombstone_days < FEWEST_TOMBSTONE_DAYS:
        raise ValueError(f"{PREFIX}TOMBSTONE_DAYS must be 0 or at least {FEWEST_TOMBSTONE_DAYS}")
    return settings


def _check_networks(text: str) -> None:
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            ip_network(part, strict=False)
        except ValueError:
            raise ValueError(f"{PREFIX}TRUSTED_PROXIES holds addresses or networks, not {part!r}") from None


def categories_of(text: str) -> list[str]:
    """The categories of arXiv that a setting names, sorted, each once."""
    return sorted(set(filter(None, map(str.strip, text.split(",")))))


def _check_categories(text: str) -> None:
    found = categories_of(text)
    for one in found:
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*(\.[A-Za-z]+(-[a-z]+)*)?", one):
            raise ValueError(f"{PREFIX}TRENDING_ARXIV holds categories such as cs.LG, not {one!r}")
    if len(found) > MOST_CATEGORIES:
        raise ValueError(f"{PREFIX}TRENDING_ARXIV holds at most {MOST_CATEGORIES} categories")


def _is_address(text: str) -> bool:
    try:
        return check_email(text) == text
    except BadEmail:
        return False


def _typed(name: str, text: str) -> object:
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        if text.lower() not in _TRUTH:
            raise ValueError(f"{PREFIX}{name.upper()} must be on or off, not {text!r}")
        return _TRUTH[text.lower()]
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            raise ValueError(f"{PREFIX}{name.upper()} must be a number, not {text!r}") from None
    if name == "registration" and text not in ("closed", "invite", "open"):
        raise ValueError(f"{PREFIX}REGISTRATION must be closed, invite or open, not {text!r}")
    if name == "log_format" and text not in ("text", "json"):
        raise ValueError(f"{PREFIX}LOG_FORMAT must be text or json, not {text!r}")
    if isinstance(default, Path):
        return Path(text)
    return text.rstrip("/") if name.endswith("_url") else cast("object", text)


_TRUTH = {
    "1": True,
    "on": True,
    "true": True,
    "yes": True,
    "0": False,
    "off": False,
    "false": False,
    "no": False,
    "": False,
}
