"""Files made to hurt: each has an answer within five seconds and 200 MB, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

MAKERS = {
    "macros that multiply": 'b"@string{a0={xxxxxxxxxx}}" + b"".join(b"@string{a%d=%s}" % '
    '(i, b" # ".join([b"a%d" % (i - 1)] * 10)) for i in range(1, 40)) + b"@misc{k,title=a39}"',
    "20,000 nested braces": 'b"@misc{k,title={" + b"{" * 20000 + b"x" + b"}" * 20000 + b"}}"',
    "20,000 open braces": 'b"@misc{k,title={" + b"{" * 20000',
    "a million entries that do not end": 'b"@a{b,c={\\n" * 1000000',
    "a million accents": 'b"@misc{k,title={" + b"\\\\\\\\\'{" * 300000 + b"}}"',
    "a field of 19 MB": 'b"@misc{k,title={" + b"x" * 19000000 + b"}}"',
    "50 MB": 'b"@misc{k,title={" + b"x" * 50000000 + b"}}"',
    "binary": "bytes(range(256)) * 50000",
    "UTF-16": '("@misc{k,title={Looms}}" * 1000).encode("utf-16")',
    "cut off": 'b"@article{a,title={One}}\\n@article{b,title={Tw"',
    "deep JSON": 'b"[" * 5000000',
    "long JSON strings": 'b"[" + b\'{"title":"\' + b"x" * 15000000 + b\'"}]\'',
    "a million columns": 'b"title," + b"c," * 1000000 + b"\\n1,2\\n"',
    "an endless RIS record": 'b"TY  - JOUR\\n" + b"AU  - A\\n" * 300000',
    "400,000 tags of HTML": 'b"<!doctype html>" + b"<dl><h3>a" * 200000',
    "an open quote": 'b"title,url\\n" + b\'"\' + b"a,b\\n" * 3000000',
    "names without end": 'b"@misc{k,title={a},author={" + b"a and " * 150000 + b"}}"',
    "parents that inherit in a ring": 'b"@misc{a,crossref=b}@misc{b,crossref=a,xdata={a,b}}" * 10000',
    "one parent of 5,000": 'b"@book{p,title={" + b"x" * 100000 + b"}}" + b"@misc{k,crossref=p,title={a}}" * 5000',
    "one parent of 49,000": 'b"@book{p,publisher={" + b"{\\\\\'e} b " * 12 + b"},editor={" + b"{\\\\\'E}. X and "*9 + '
    'b"A B}}" + b"@misc{k,crossref=p,title={a}}" * 49000',
    "accents to the last byte": '(b"@misc{k,title={a},abstract={" + b"\\\\\'e" * 330000 + b"}}") * 19',
    "keys of braces": 'b"@misc{" + b"{a}" * 3000000',
    "a name of a million words": 'b"@misc{k,title={a},author={" + b"von " * 240000 + b"}}"',
    "a million comments": 'b"@comment{" * 1000000',
    "a field of a million joints": 'b"@misc{k,title=" + b"a # " * 1000000 + b"a}"',
    "fields without end": 'b"@misc{k," + b"".join(b"f%d={x}," % n for n in range(500000))',
    "mathematics that does not close": 'b"@misc{k,title={" + b"\\\\(x$" * 180000 + b"}}"',
    "entities and tags": 'b"@misc{k,title={" + b"&amp;<i><b " * 90000 + b"}}"',
    "marks that heap up": '("@misc{k,title={a" + "\\u0301" * 400000 + "}}").encode()',
    "nothing but line ends": 'b"\\r\\n" * 9000000',
    "UTF-32": '("@misc{k,title={Looms}}" * 1000).encode("utf-32")',
    "a broken surrogate": 'b"@misc{k,title={\\xed\\xa0\\x80 and \\xff}}"',
    "dates without end": 'b"@misc{k,title={a},year={" + b"1" * 900000 + b"}, date={" + b"2/" * 400000 + b"}}"',
    "pages without end": 'b"@misc{k,title={a},pages={" + b"1-" * 400000 + b"}, doi={10.1/" + b"(" * 400000 + b"}}"',
    "a zip": 'b"PK\\x03\\x04" + bytes(1000000)',
}
RUN = r"""
import json, re, sys, time
from api.domain.errors import ScholiumError
from api.domain.formats.read_any import read_any
def most_held():  # not getrusage, which after a fork counts what the parent held
    return int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1])
raw = eval(sys.argv[1])
began = time.process_time()
try:
    records, lines, _ = read_any(raw)
    said = "read"
except ScholiumError as wrong:
    said = wrong.code
peak = most_held()
print(json.dumps({"said": said, "seconds": time.process_time() - began, "peak_mb": peak / 1024}))
"""


@pytest.mark.parametrize("name", MAKERS)
def test_a_hostile_file_has_an_answer_in_time_and_little_memory(name: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RUN, MAKERS[name]], capture_output=True, text=True, cwd=ROOT, timeout=300
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    assert told["seconds"] < 5, told
    assert told["peak_mb"] < 200, told
