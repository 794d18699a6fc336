"""Pages to highlight on: a paper in two versions and as the HTML of its source, and one that means ill."""

from __future__ import annotations

MARKUP = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
HEAD = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Anchors {MARKUP.replace("<", "&lt;")}</title>
<meta name="citation_title" content="Anchors that hold &lt;b&gt;fast&lt;/b&gt;"></head>"""
V1 = f"""{HEAD}<body><main><h1>Anchors that hold</h1><p id="a">We ask whether a quotation can be found again after its
page has changed. Our method keeps the words and their neighbours, and refuses to guess.</p>
<p id="b">In our experiments the method found nine of ten passages that had been edited, and none in a wrong place.</p>
<p id="c">Whether readers notice an orphan is a question that we leave open.</p></main></body></html>"""
V2 = f"""{HEAD}<body><p>This is version two.</p><main><h1>Anchors that hold</h1><p id="a">We ask whether a quote can be
found again after the page has changed. Our method keeps all words with their neigh&shy;bours,
and it refuses to guess.</p>
<p id="b">The appendix has the numbers.</p><p id="z">The method found most of what had been changed.</p></main></body>
</html>"""
LATEXML = V2.replace("<p ", "<div class='ltx_p' ").replace("keeps all words", "keeps\n   all<span> words</span>")
ILL = """<script>
  // Whatever a page may try: clicks that nobody made, messages, and a look into the shut root.
  const log = []; window.log = log;
  for (const name of ['chrome', 'browser']) for (const message of [{type: 'sync'}, {type: 'mark', color: 'red'}]) {
    try { window[name].runtime.sendMessage(message); log.push('sent'); } catch {}
  }
  window.postMessage({type: 'mark', color: 'red'}, '*');
  new MutationObserver((changes) => { for (const change of changes) for (const node of change.addedNodes) {
    if (node.localName !== 'scholium-toolbar') continue;
    window.seen = node; log.push(String(node.shadowRoot), node.innerHTML);
    const at = {bubbles: true, composed: true, clientX: 10, clientY: 10};
    for (const kind of ['pointerdown', 'pointerup', 'click']) node.dispatchEvent(new MouseEvent(kind, at));
    node.click();
  }}).observe(document, {childList: true, subtree: true});
</script>"""
