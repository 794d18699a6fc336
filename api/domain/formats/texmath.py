"""Which `$…$` in a text is mathematics that may be written as it stands, and which is only dollars.

Refuses every command that is not on the list here, all of them in the LaTeX kernel, and every formula that TeX would
stop at (`x^`, `a^b^c`, `\\frac{1}`): what is refused is no error, it is written as plain text.
"""

from __future__ import annotations

import re

_LOWER = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi chi"
    " psi omega varsigma epsilon phi vartheta varrho varpi"
)
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
_GLYPHS = "αβγδεζηθικλμνξπρστυφχψως\u03f5\u03d5\u03d1\u03f1\u03d6ΓΔΘΛΞΠΣΥΦΨΩ"
_SIGNS = (
    "infty ell hbar partial nabla prime emptyset aleph Re Im wp forall exists circ bullet cdot times div ast star pm mp"
    " oplus otimes dagger ddagger perp parallel mid top bot sim simeq approx equiv propto leq geq le ge ll gg"
    " prec succ subset supset subseteq supseteq in ni cap cup setminus wedge vee to gets rightarrow leftarrow"
    " Rightarrow leftrightarrow mapsto odot triangle angle sharp flat natural"
)
_OPERATORS = (
    "sum prod int oint bigcup bigcap bigoplus bigotimes log ln exp sin cos tan sinh cosh tanh arcsin arccos arctan lim"
    " limsup liminf sup inf max min arg det dim ker deg gcd Pr neq ne notin ldots cdots dots langle rangle lceil rceil"
    " lfloor rfloor vert Vert backslash quad qquad cong"
)
_ALPHABETS = "mathrm mathbf mathit mathcal mathsf mathtt mathnormal"
_OVER = "hat bar tilde vec dot ddot check breve acute grave widehat widetilde overline underline sqrt"

GREEK = dict(zip(_GLYPHS, (_LOWER + " " + _UPPER).split(), strict=True))
"""One Greek letter to its command without the backslash, by shape: ε is `varepsilon`, ϵ is `epsilon`."""

_GREEK_LETTER = re.compile(f"[{''.join(GREEK)}] ?")

MATH = re.compile(r"(?<![\\$])\$(?![\s$])[^$]{1,300}(?<![\s\\])\$(?![\d$])")
"""A candidate, dollars and all: no space inside them, no digit after, as pandoc pairs them. No groups."""

# One checked `{group}` stands as a NUL while the formula around it is checked. A space is allowed after a token only,
# and every repetition is possessive, so that there is one way to read a formula and the time is linear.
_GROUP = re.compile(r"(?<!\\)\{((?:[^{}\\]|\\.)*+)\}")


def _any_of(words: str) -> str:
    return rf"\\(?:{'|'.join(words.split())})(?![A-Za-z])"


_SYMBOL = _any_of(" ".join([_LOWER, _UPPER, _SIGNS]))
_ARGUMENT = rf"(?:[\0A-Za-z0-9+*=-]|{_SYMBOL}|{_any_of(_ALPHABETS)} ?\0) ?"
_SUB = rf"_ ?{_ARGUMENT}"
_SUPER = rf"(?:\^ ?{_ARGUMENT}|'++ ?)"
_SCRIPTS = rf"(?:{_SUB}(?:{_SUPER})?+|{_SUPER}(?:{_SUB})?+)"
_NUCLEUS = (
    rf"(?:[\0A-Za-z0-9+*/=().,:;!?|<>\[\]-]|{_SYMBOL}|{_any_of(_OPERATORS)}|\\[,;:! {{}}|%&#_]"
    rf"|{_any_of(_ALPHABETS)} ?[\0A-Za-z0-9]|{_any_of(_OVER)} ?(?:[\0A-Za-z0-9]|{_SYMBOL})"
    rf"|\\sqrt ?\[[0-9a-z]\] ?\0|{_any_of('frac')} ?[\0A-Za-z0-9] ?[\0A-Za-z0-9]) ?"
)
_FORMULA = re.compile(rf" ?(?:{_SCRIPTS})?+(?:{_NUCLEUS}(?:{_SCRIPTS})?+)*+")
_DEEPEST = 12


def plain_math(formula: str) -> str | None:
    """The inside of `$…$` as TeX, Greek letters as commands; None if it is not mathematics that we know.

    What comes back balances its braces and typesets without a package.
    """
    tex = _GREEK_LETTER.sub(lambda letter: f"\\{GREEK[letter[0][0]]} ", formula).strip()
    return tex if "\0" not in tex and _balances(tex) and _is_known(tex) else None


def _is_known(tex: str) -> bool:
    for _ in range(_DEEPEST):
        groups = _GROUP.findall(tex)
        if not all(_FORMULA.fullmatch(group) for group in groups):
            return False
        if not groups:
            return _FORMULA.fullmatch(tex) is not None
        tex = _GROUP.sub("\0", tex)
    return False


def _balances(text: str) -> bool:
    # As BibTeX counts: it knows no escaped brace, so `\{` and `\}` must pair up too.
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0
