"""What every form of our pages shares: a token that only our own page can hold, and fields as text.

Refuses a form without the token of this browser, and one that the browser says came from elsewhere. The token is
signed over the browser's cookie, so no store is needed and any process can check it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie, FormMultiDict
from litestar.response import Template
from markupsafe import Markup

from api.domain.errors import NotAllowed, ScholiumError
from api.http.auth import COOKIE, cookie_name, is_same_origin
from api.http.form_fields import MOST_FIELDS, form_fields
from api.settings import Settings

FORM_COOKIE = "scholium_form"
FIELD = "csrf"
AnyRequest = Request[Any, Any, Any]


def page(request: AnyRequest, name: str, status: int = 200, **context: object) -> Template:
    """A page with a form; a browser that has no cookie yet gets one for the form's token."""
    context |= {"csrf": csrf_field(request)}
    seed = request.scope["state"].get(FORM_COOKIE)
    cookies = [form_cookie(request, seed)] if seed else []
    return Template(name, context=context, status_code=status, cookies=cookies)


def csrf_field(request: AnyRequest) -> Markup:
    """The hidden field that every form carries."""
    seed = _seed(request)
    if seed is None:
        seed = request.scope["state"].setdefault(FORM_COOKIE, secrets.token_urlsafe(16))
    settings = _settings(request)
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, _sign(settings.secret_key, seed))


async def checked_form(request: AnyRequest, most: int = MOST_FIELDS) -> FormMultiDict:
    """The fields of a form that our own page sent, at most so many; raises NotAllowed or BadInput."""
    fields = await form_fields(request, most)
    _check(request, fields.pop(FIELD, ""))
    return FormMultiDict(fields)


async def checked_upload(request: AnyRequest) -> FormMultiDict:
    """The parts of a form with files that our own page sent; raises NotAllowed."""
    form = await request.form()
    _check(request, str(form.get(FIELD, "")))
    return form


def _check(request: AnyRequest, given: str) -> None:
    seed = _seed(request)
    settings = _settings(request)
    keys = [key for key in (settings.secret_key, settings.secret_key_previous) if key]
    signed = seed is not None and any(
        hmac.compare_digest(_sign(key, seed).encode(), given.encode("utf-8", "surrogatepass")) for key in keys
    )
    if not signed or not is_same_origin(request, unsaid=True):
        raise NotAllowed("this form is not ours or too old; go back, load the page again and send it once more")


def sentence(wrong: ScholiumError) -> str:
    """What went wrong, as a sentence for the person at the form."""
    return f"{wrong.detail[:1].upper()}{wrong.detail[1:]}."


def form_cookie(request: AnyRequest, seed: str) -> Cookie:
    """The cookie that a form's token is signed over, for browsers that are not signed in."""
    return _cookie(request, FORM_COOKIE, seed, None)


def session_cookie(request: AnyRequest, token: str) -> Cookie:
    """The cookie of a browser that is signed in; an empty token ends it."""
    days = _settings(request).refresh_token_days
    return _cookie(request, COOKIE, token, days * 86_400 if token else 0)


def _cookie(request: AnyRequest, name: str, value: str, seconds: int | None) -> Cookie:
    tls = _settings(request).base_url.startswith("https://")
    name = cookie_name(request, name)
    return Cookie(name, value=value, max_age=seconds, path="/", httponly=True, secure=tls, samesite="lax")


def _seed(request: AnyRequest) -> str | None:
    kept = request.cookies
    return kept.get(cookie_name(request, COOKIE)) or kept.get(cookie_name(request, FORM_COOKIE))


def _sign(key: str, seed: str) -> str:
    message = b"form\0" + seed.encode("utf-8", "surrogatepass")
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def _settings(request: AnyRequest) -> Settings:
    settings: Settings = request.app.state.desk.settings
    return settings
