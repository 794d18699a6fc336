"""Places in a list that a person orders by hand: text that sorts by its code points, with room between any two.

An entry that nobody moved stands where it was saved (`standing`), so a list has an order before anybody touched it, and
to move one entry writes one entry. Refuses to renumber: where there is no room, the caller spreads the whole list.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase, digits

LONGEST = 255  # characters of a position, by the contract
_DIGITS = digits + ascii_uppercase + ascii_lowercase  # in the order of their code points
_LEAST = _DIGITS[0]
_END = 0x7F  # above every digit


def standing(saved_at: str | None, key: str) -> str:
    """The place of an entry that nobody moved: the one saved first comes first."""
    return (saved_at or "") + key


def between(before: str, after: str | None) -> str | None:
    """A place after the one and before the other (None: the end; an empty `before` is the start), as short as can be.

    None where there is no room, or where the two are not in this order.
    """
    if after is not None and before >= after:
        return None
    made, upper = "", after
    for index in range(LONGEST):
        if upper is not None and index == len(upper):
            return None
        low = ord(before[index]) if index < len(before) else 0
        high = ord(upper[index]) if upper is not None else _END
        room = [digit for digit in _DIGITS if low < ord(digit) < high]
        if room[1:] or (room and room[0] != _LEAST):
            return made + room[len(room) // 2]
        if room:  # nothing could come before a last digit that is the least; after it there is room
            made, before, upper = made + _LEAST, before[:index], None
        elif low == high or index >= len(before):
            made += chr(high)
        else:
            made, upper = made + chr(low), None  # whatever goes on from here is before the other one already
    return None


def spread(count: int) -> list[str]:
    """So many places in their order, far from each other."""
    width = 1
    while len(_DIGITS) ** width < 2 * (count + 1):
        width += 1
    step = len(_DIGITS) ** width // (count + 1)
    return [_written(step * (number + 1), width) for number in range(count)]


def _written(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text
