"""Which passwords and mail addresses are taken.

Refuses passwords that are short, long or common, and addresses that could carry a second line into a mail. No rule
asks for capitals or signs: length is what counts (NIST SP 800-63B 5.1.1.2).
"""

from __future__ import annotations

import re
import unicodedata

from api.domain.errors import BadEmail, WeakPassword

LEAST_PASSWORD = 8
MOST_PASSWORD = 256
MOST_EMAIL = 254  # RFC 5321 4.5.3.1.3

_LOCAL = r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f\ud800-\udfff]{1,64}"
_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
_EMAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*")


def check_password(password: str, email: str = "") -> None:
    """Raises WeakPassword for one of fewer than 8 or more than 256 characters, a common one, or the address itself."""
    if len(password) < LEAST_PASSWORD:
        raise WeakPassword(f"a password has at least {LEAST_PASSWORD} characters")
    if len(password) > MOST_PASSWORD:
        raise WeakPassword(f"a password has at most {MOST_PASSWORD} characters")
    folded = password.casefold()
    if folded in _COMMON or len(set(folded)) < 3:
        raise WeakPassword("this password is among the first that anyone tries")
    if email and folded in (fold_email(email), fold_email(email).partition("@")[0]):
        raise WeakPassword("the password is the mail address")


def check_email(text: str) -> str:
    """The address without the space around it; raises BadEmail if it is none."""
    email = unicodedata.normalize("NFC", text.strip())
    local = email.rpartition("@")[0]
    if len(email) > MOST_EMAIL or not _EMAIL.fullmatch(email) or ".." in local or local[0] == "." or local[-1] == ".":
        raise BadEmail("this is not a mail address")
    return email


def fold_email(text: str) -> str:
    """What two spellings of one address have in common: an account is found by it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


# The commonest passwords of eight characters and more; shorter ones are refused for their length.
_COMMON = frozenset(  # one text, because a list of a hundred quoted words is no easier to read
    """
    12345678 123456789 1234567890 0123456789 0987654321 987654321 87654321 123123123 1234554321 12341234 123454321
    11223344 1122334455 112233445566 147258369 159753456 741852963 789456123 123456789a 123456789q 12345678a
    a12345678 a123456789 abc12345 abcd1234 abc123456 abcdefgh abcdefg1 aa123456 aa12345678 asdfghjk asdfghjkl
    asdf1234 asdfasdf qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyqwerty qwer1234 q1w2e3r4
    q1w2e3r4t5 q1w2e3r4t5y6 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc zaq12wsx zaq1zaq1 zxcvbnm1
    zxcvbnm123 password passw0rd p@ssw0rd p@ssword pa55word password1 password12 password123 password1234 password!
    password01 passwort passwort1 mypassword changeme changeme123 letmein1 letmein123 welcome1 welcome123 welcome01
    iloveyou iloveyou1 iloveyou2 sunshine sunshine1 princess princess1 football football1 baseball baseball1
    basketball superman superman1 batman123 starwars trustno1 whatever michelle jennifer victoria samantha alexander
    computer internet dragon123 monkey123 master123 shadow123 killer123 admin123 admin1234 administrator root1234
    rootroot test1234 testtest testing123 user1234 guest123 default1 secret123 security charlie1 jordan23 michael1
    liverpool chelsea1 arsenal1 barcelona hello123 helloworld google123 facebook linkedin dropbox1 scholium scholium1
    """.split()  # noqa: SIM905
)
