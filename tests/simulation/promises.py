"""What sync promises, by the names that violations bear, and where each promise is looked after.

A place is a function of the simulation's judges, or a test file for what a simulation of one process cannot show.
"""

from __future__ import annotations

from msgspec import Struct


class Promise(Struct, frozen=True):
    """A promise, and the places (`module.function` of the simulation, or a path from the root) where it is held to."""

    says: str
    places: tuple[str, ...]


PROMISES = {
    "I1": Promise(
        "devices that have pulled twice all show the same", ("endings.alike", "verdicts.mirror", "oracle.Oracle.ended")
    ),
    "I2": Promise(
        "what was acknowledged is there, or its loss is told and can be mended",
        (
            "verdicts.effects",
            "verdicts.texts_kept",
            "verdicts.nothing_thrown_away",
            "tests/extension/forgotten.test.mjs",
        ),
    ),
    "I3": Promise("to ask again changes nothing, and is answered alike", ("oracle.Oracle.pushed",)),
    "I4": Promise(
        "a connection cut before or after the commit ends in the same",
        ("traffic.Traffic.deliver", "tests/durability/test_killed_api.py"),
    ),
    "I5": Promise(
        "no version is skipped, however many write", ("oracle.Oracle.wrote", "tests/durability/test_cursor_gap.py")
    ),
    "I6": Promise("pages under writes show every live object", ("oracle.Oracle.pulled", "verdicts.mirror")),
    "I7": Promise("an edit of what its device saw wins, whatever its clock says", ("verdicts.causality",)),
    "I8": Promise("a clock far ahead freezes no field", ("oracle.Oracle.wrote",)),
    "I9": Promise("a removal cancels the adds that it saw, and no other", ("addwins.AddWins.differing",)),
    "I10": Promise("a wrong op leaves its neighbours applied", ("verdicts.refusals", "verdicts.refused_left_nothing")),
    "I11": Promise(
        "a cursor below the floor is told so, and starting anew keeps the outbox",
        ("verdicts.nothing_thrown_away", "verdicts.mirror"),
    ),
    "I12": Promise(
        "after a restore everything acknowledged comes back from the devices, deletions too",
        ("hopes.come_true", "oracle.Oracle.pushed", "tests/durability/test_restored_server.py"),
    ),
    "I13": Promise(
        "who slept through a purge raises nothing from the dead",
        ("oracle.Oracle.wrote", "oracle.Oracle.purged", "verdicts.mirror", "tests/durability/test_long_away.py"),
    ),
    "I14": Promise("a cloned profile is found out", ("oracle.Oracle.forked",)),
    "I15": Promise("what is unchanged gets no version", ("verdicts.nothing_new",)),
    "I16": Promise("an unknown field is refused by its name, never dropped", ("tests/actions/test_sync.py",)),
    "I17": Promise("a person's deletion is taken or held, never refused for its number", ("guard.to_hold",)),
    "I18": Promise("a tag on 50,000 entries is renamed in one row", ("tests/durability/test_one_row.py",)),
    "I19": Promise("a worker killed at any await loses nothing of the outbox", ("tests/extension/killed.test.mjs",)),
    "I20": Promise("no library sees anything of another", ("oracle.Oracle.pulled", "tests/actions/test_sync.py")),
    "I21": Promise("enrichment leaves what a person wrote", ("oracle.Oracle.enriched", "verdicts.untouched")),
    "I22": Promise(
        "a first sync of 100,000 comes to its end within limits, interrupted or not",
        ("tests/durability/test_interrupted_first_sync.py",),
    ),
    "ack": Promise("acknowledged is what was taken, no more", ("oracle.Oracle.pulled",)),
    "epoch": Promise("an epoch that ended is ended", ("oracle.Oracle.pushed", "oracle.Oracle.set_back")),
    "guard": Promise(
        "deletions by the hundred wait, whole groups of them, and are taken or dropped as a person says",
        ("oracle.Oracle.pushed", "oracle.Oracle.settled", "oracle.Oracle.waiting"),
    ),
    "resurrection": Promise("the dead stay dead, but for a restore, a save or an edit unaware", ("verdicts.liveness",)),
    "workers": Promise("enrichment comes to an end", ("world.World.play",)),
}
