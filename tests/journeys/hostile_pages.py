"""What pages and PDFs of our own try against the extension, each try by its name: a test can count and tell them.

What works leaves a trace: `window.ran`, a request for `/stolen`, an entry in `window.got`, or an op in the outbox.
"""

from __future__ import annotations

from html import escape

from tests.journeys.pdf_pages import HEIGHT, WIDTH, pdf

RUN = "window.ran = 1; fetch('http://arxiv.org/stolen')"
MARK = "{type: 'mark', color: 'red'}"


def _loaded(tag: str, name: str, path: str) -> str:
    return (
        f"new Promise((good, bad) => {{ const one = document.createElement('{tag}'); one.onload = () => good('{tag}');"
        f" one.onerror = bad; one.rel = 'stylesheet'; one.{name} = BASE + '{path}'; document.head.append(one); }})"
    )


# Expressions in the page's own world; ID and BASE are the extension's, which a page may have learned somehow.
TRIES = {
    "message by chrome": f"chrome.runtime.sendMessage({MARK})",
    "message by browser": f"browser.runtime.sendMessage({MARK})",
    "message by the id": "chrome.runtime.sendMessage(ID, {type: 'sync'})",
    "message for a token": "browser.runtime.sendMessage(ID, {type: 'token'})",
    "port": "chrome.runtime.connect(ID).postMessage('here')",
    "port by browser": "browser.runtime.connect(ID).postMessage('here')",
    "storage on the disk": "chrome.storage.local.get()",
    "storage of the session": "browser.storage.session.get()",
    "script into a tab": "chrome.scripting.executeScript({target: {tabId: 1}, func: () => 1})",
    "manifest by fetch": "fetch(BASE + 'manifest.json').then((one) => one.text())",
    "module": "import(BASE + 'src/session.js').then((one) => one.currentSession())",
    "script": _loaded("script", "src", "src/page/toolbar.js"),
    "style": _loaded("link", "href", "src/look.css"),
    "image": _loaded("img", "src", "icons/16.png"),
    "worker": "new Promise((good, bad) => { new Worker(BASE + 'src/background.js').onerror = bad; })",
    "window": "Promise.resolve(open(BASE + 'src/popup/popup.html?tab=1')).then((one) => one?.document.title || null)",
    "database": "indexedDB.databases().then((all) => all.find((one) => one.name === 'scholium'))",
    "lock": "navigator.locks.query().then((all) => all.held.find((one) => /scholium/.test(one.name)))",
    "news": "new BroadcastChannel('scholium-news').postMessage('changed')",
    "last words": """new BroadcastChannel('scholium-last-words').postMessage({type: 'entry', op: 'put',
      set: {note: 'x'}, key: '0199a000-0000-7000-8000-000000000071'})""",
    "word to the window": f"postMessage({MARK}, '*')",
    "word to the parent": "parent.postMessage({type: 'sync'}, '*')",
    "event": f"document.dispatchEvent(new CustomEvent('scholium', {{detail: {MARK}}})) && null",
    "event of a storage": "dispatchEvent(new StorageEvent('storage', {key: 'session', newValue: '{}'})) && null",
    "forged scripts": """void (window.__scholium = {collect: () => ({title: 'forged', metas: []}),
      describe: () => ({exact: 'forged', selectors: []}), paint: () => [], toolbar: () => null})""",
    "forged key": """void document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'H', code: 'KeyH',
      altKey: true, shiftKey: true, bubbles: true}))""",
    "forged selection": """void (getSelection().selectAllChildren(document.querySelector('#b')),
      document.dispatchEvent(new Event('selectionchange')),
      document.querySelector('#b').dispatchEvent(new PointerEvent('pointerup', {bubbles: true})))""",
    "forged toolbar": """void document.body.append(Object.assign(document.createElement('scholium-toolbar'),
      {innerHTML: '<button>red</button>'}))""",
    "clicks on all buttons": "void document.querySelectorAll('scholium-toolbar, button').forEach((one) => one.click())",
}
# What the page takes away from its own world, and from scripts that would use it there.
LIES = (
    "document.querySelector",
    "document.querySelectorAll",
    "document.createTreeWalker",
    "window.getSelection",
    "window.fetch",
    "window.IntersectionObserver",
    "Element.prototype.getAttribute",
    "Element.prototype.matches",
    "Element.prototype.closest",
    "Element.prototype.attachShadow",
    "HTMLElement.prototype.showPopover",
    "Document.prototype.createRange",
    "Range.prototype.setStart",
    "TextEncoder.prototype.encode",
    "String.prototype.toWellFormed",
    "String.prototype.normalize",
    "CSS.highlights.set",
)
# Elements whose names stand before the document's own, in the isolated world too.
CLOBBERED = (
    *("title", "querySelector", "querySelectorAll", "documentElement", "body", "head", "contentType", "baseURI"),
    *("createTreeWalker", "createElement", "getSelection", "URL", "addEventListener", "defaultView"),
)
MARKUP = {
    "script": f"<script>{RUN}</script>",
    "image": f'<img src=x onerror="{RUN}">',
    "svg": f'<svg onload="{RUN}">',
    "frame": f'<iframe srcdoc="<script>parent.ran = 1</script>" onload="{RUN}">',
    "details": f'<details open ontoggle="{RUN}">',
    "end of a title": f"</title><script>{RUN}</script>",
    "end of a style": f"</style><img src=x onerror='{RUN}'>",
    "end of an attribute": f'" autofocus onfocus="{RUN}" x="',
    "link": f'<a href="javascript:{RUN}">x</a>',
    "base": '<base href="http://arxiv.org/stolen/">',
    "refresh": '<meta http-equiv=refresh content="0;url=http://arxiv.org/stolen">',
    "form": '<form action="http://arxiv.org/stolen"><button autofocus>x</button></form>',
    "entity": f"&lt;script&gt;{RUN}&lt;/script&gt;",
    "template": "{{constructor.constructor('window.ran = 1')()}}${window.ran = 1}",
}
WORDS = (
    "<p id='a'>We ask whether a quotation can be found again.</p><p id='b'>The method found nine of ten passages.</p>"
)


def trying(extension: str) -> str:
    """A page that tries everything in `TRIES`, keeps in `window.got` what came of it, and then lies."""
    names = ", ".join(f"[{name!r}, async () => {expression}]" for name, expression in TRIES.items())
    lies = " ".join(f"try {{ {name} = () => {{ throw new Error('a lie'); }}; }} catch {{}}" for name in LIES)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tries</title>
    <meta name="citation_title" content="Tries"></head><body><main>{WORDS}</main><script>
    const BASE = {extension!r}, ID = new URL(BASE).host;
    window.got = []; window.heard = []; addEventListener('message', (event) => window.heard.push(event.data));
    const tries = [{names}].map(([name, work]) => Promise.race([work(), new Promise((end) => setTimeout(end, 2000))])
      .then((one) => one == null || window.got.push([name, String(one)]), () => null));
    Promise.all(tries).then(() => {{
      for (const one of document.querySelectorAll('scholium-toolbar')) one.remove();
      {lies}
      window.done = tries.length;
    }});
    </script></body></html>"""


def clobbered() -> str:
    """A page whose elements stand before what a script would ask the document for."""
    named = "".join(f'<img name="{name}"><form id="{name}" name="{name}"></form>' for name in CLOBBERED)
    head = f'<head><meta charset="utf-8"><title>Clobbered</title>{DEEP}</head>'
    return f"<!doctype html><html>{head}<body>{WORDS}{named}</body></html>"


DEEP = f'<script type="application/ld+json">{"[" * 5000}{"]" * 5000}</script>'
HUGE = {
    "metas of 10 MB": "".join(f'<meta name="m{number}" content="{"x" * 19_000}">' for number in range(550)),
    "a meta of 2 MB": f'<meta name="citation_abstract" content="{"y" * 2_000_000}">',
    "metas of authors": '<meta name="citation_author" content="Doe, Jane">' * 4000,
    "JSON-LD of 2 MB": f'<script type="application/ld+json">{{"name": "{"z" * 2_000_000}"}}</script>',
    "links": "".join(f'<a href="/pdf/{number}.pdf">pdf</a>' for number in range(4000)),
    "a title of 1 MB": f"<title>Huge {'t' * 1_000_000}</title>",
}


def huge() -> str:
    """A page of which hardly anything may be kept."""
    return f"<!doctype html><html><head>{''.join(HUGE.values())}</head><body>{WORDS * 50}</body></html>"


def spoken() -> str:
    """A page that says markup wherever a page can say something."""
    said = [escape(one) for one in MARKUP.values()]
    metas = "".join(f'<meta name="citation_author" content="{one}">' for one in said)
    whole = " ".join(said)
    return f"""<!doctype html><html lang="{said[1]}"><head><meta charset="utf-8"><title>{whole}</title>
    <meta name="citation_title" content="{whole}"><meta name="citation_pdf_url" content="javascript:{escape(RUN)}">
    <link rel="canonical" href="javascript:{escape(RUN)}">{metas}
    </head><body><p id="b">{whole}</p><a href="javascript:{escape(RUN)}">pdf</a></body></html>"""


SCRIPT = f"/S /JavaScript /JS ({RUN})"
ACTIONS = {
    "script": SCRIPT,
    "address of a script": f"/S /URI /URI (javascript:{RUN})",
    "address of data": f"/S /URI /URI (data:text/html,<script>{RUN}</script>)",
    "address of a file": "/S /URI /URI (file:///etc/passwd)",
    "program": "/S /Launch /F (/bin/sh)",
    "form that is sent": "/S /SubmitForm /F (http://arxiv.org/stolen)",
    "data that are fetched": "/S /ImportData /F (http://arxiv.org/stolen)",
    "another file": "/S /GoToR /F (http://arxiv.org/stolen) /D [0 /Fit]",
    "two in a row": f"/S /Named /N /NextPage /Next << {SCRIPT} >>",
    "rendition": f"/S /Rendition /OP 0 /JS ({RUN})",
}
NOTES = {
    "note": "/Subtype /Text /Contents (<script>window.ran = 1</script>)",
    "rich text": "/Subtype /FreeText /DA (/F 9 Tf) /RC (<body><img src='x' onerror='window.ran = 1'/></body>)",
    "button": f"/Subtype /Widget /FT /Btn /T (<b>) /A << {SCRIPT} >> /AA << /U << {SCRIPT} >> /Fo << {SCRIPT} >> >>",
    "field": f"/Subtype /Widget /FT /Tx /T (t) /V (<b>) /AA << /K << {SCRIPT} >> /F << {SCRIPT} >> >>",
    "attachment": "/Subtype /FileAttachment /FS << /Type /Filespec /F (<img src=x onerror=window.ran=1>.html) >>",
    "stamp": "/Subtype /Stamp /Contents (</div><script>window.ran = 1</script>)",
}


def pdf_of_tries() -> bytes:
    """A PDF with all of these as links, notes and chapters, and with scripts for its opening, closing and names."""
    chapters = list(ACTIONS.items())
    chain = []
    for number, (name, action) in enumerate(chapters):
        near = f"/Next {6 + number} 0 R" if number + 1 < len(chapters) else ""
        near += f" /Prev {4 + number} 0 R" if number else ""
        chain.append(f"<< /Title (<img src=x onerror=window.ran=1>{name}) /Parent 4 0 R {near} /A << {action} >> >>")
    book = f"<< /Type /Outlines /First 5 0 R /Last {4 + len(chapters)} 0 R /Count {len(chapters)} >>"
    tall = HEIGHT // (len(ACTIONS) + len(NOTES))
    kinds = [f"/Subtype /Link /A << {action} >>" for action in ACTIONS.values()] + list(NOTES.values())
    places = [f"/Rect [0 {tall * at} {WIDTH} {tall * at + tall - 2}]" for at in range(len(kinds))]
    notes = [f"<< /Type /Annot {place} {kind} >>" for place, kind in zip(places, kinds, strict=True)]
    opening = (
        f"/OpenAction << {SCRIPT} >> /AA << /WC << {SCRIPT} >> /DP << {SCRIPT} >> >> /URI << /Base (javascript:) >>"
    )
    root = f"/Outlines 4 0 R {opening} /Names << /JavaScript << /Names [(a) << {SCRIPT} >>] >> >>"
    lines = ["Nothing runs.", *MARKUP.values()]
    labels = "0 << /P (<img src=x onerror=window.ran=1>) /S /D >>"
    return pdf([lines], title=MARKUP["image"], labels=labels, extra=[book, *chain, *notes], root=root)
