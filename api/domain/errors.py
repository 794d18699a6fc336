"""Every error that Scholium raises on purpose, each with a stable code that clients may rely on.

    ScholiumError
    ├── BadInput            what was sent cannot be taken
    │   ├── BadUrl  BadIdentifier  BadText  TooLarge  BadCursor  BadEmail  WeakPassword  UnknownField
    ├── NotSignedIn         no, wrong or expired proof of who is asking
    │   └── WrongPassword
    ├── NotAllowed          known, but not permitted
    │   └── RegistrationClosed
    ├── WrongHost           asked for by a name that is not this service's
    ├── NotFound            no such thing in this library (foreign and missing look alike)
    ├── Conflict            it changed meanwhile, or the name is taken
    │   ├── DeviceForked  EmailTaken  EditedMeanwhile
    ├── Resync              the cursor cannot be honoured; start a first sync and keep the outbox
    ├── SchemaTooOld        the client speaks a protocol version that is no longer taken
    ├── TooMany             a limit was reached; try again after `retry_after` seconds
    └── Unavailable         something that this needs is down; nothing was done

HTTP status codes live in `api/http/problems.py` alone.
"""

from __future__ import annotations

from typing import ClassVar


class ScholiumError(Exception):
    """Base of all named errors: a stable `code`, a sentence for people, and details for programs."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class BadInput(ScholiumError):
    """What was sent cannot be taken."""

    code = "bad_input"


class BadUrl(BadInput):
    """Neither a web address (http or https) nor an identifier that we know."""

    code = "bad_url"


class BadIdentifier(BadInput):
    """Looks like an identifier but breaks its scheme's grammar."""

    code = "bad_identifier"


class BadText(BadInput):
    """Text that not every database keeps: NUL or an unpaired surrogate."""

    code = "invalid_text"


class UnknownField(BadInput):
    """A field or query parameter that this version does not know."""

    code = "unknown_field"


class TooLarge(BadInput):
    """More than the documented limit."""

    code = "too_large"


class BadCursor(BadInput):
    """A cursor that we did not sign, or of another library."""

    code = "bad_cursor"


class BadEmail(BadInput):
    """Not a mail address."""

    code = "bad_email"


class WeakPassword(BadInput):
    """Too short, too long, or on the list of common passwords."""

    code = "weak_password"


class NotSignedIn(ScholiumError):
    """No, wrong or expired proof of who is asking."""

    code = "not_signed_in"


class WrongPassword(NotSignedIn):
    """Unknown address, wrong password, or disabled: deliberately one answer."""

    code = "wrong_credentials"


class NotAllowed(ScholiumError):
    """Known, but not permitted."""

    code = "not_allowed"


class RegistrationClosed(NotAllowed):
    """This instance takes no new accounts by itself."""

    code = "registration_closed"


class WrongHost(ScholiumError):
    """The request is for a host name that this service does not have."""

    code = "wrong_host"


class NotFound(ScholiumError):
    """No such thing in this library."""

    code = "not_found"


class Conflict(ScholiumError):
    """It changed meanwhile, or is taken."""

    code = "conflict"


class EmailTaken(Conflict):
    """An account with this address exists."""

    code = "email_taken"


class EditedMeanwhile(Conflict):
    """If-Match named an older version; the current object comes along."""

    code = "edited_meanwhile"


class DeviceForked(Conflict):
    """A sequence number came again with another op id: a cloned browser profile."""

    code = "device_forked"


class Resync(ScholiumError):
    """The cursor cannot be honoured (`reason`: floor, epoch, ahead, schema)."""

    code = "resync"


class SchemaTooOld(ScholiumError):
    """The protocol version is not taken; `minimum` is."""

    code = "schema_unsupported"


class TooMany(ScholiumError):
    """A limit was reached; `retry_after` seconds are to be waited."""

    code = "too_many_requests"


class Unavailable(ScholiumError):
    """Something that this request needs is down; it may be tried again as it is, and is then done once."""

    code = "unavailable"
