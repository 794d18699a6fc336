/** Highlights: from a selection to selectors, and back to the same words. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { styleName, styleSheet } from '../../extension/src/paint_style.js';
import { ANCHOR, makePage } from './make.mjs';

const ARTICLE = `<body><h1>On Anchors</h1><p id="a">The quick <b>brown fox</b> jumps over the lazy dog.</p>
  <script>var quick = "brown fox";</script>
  <p id="b">Another fox sleeps. The end of the second paragraph.</p><p id="c">The end.</p></body>`;

/** Select `words` inside the element, across its children. */
function rangeOf({ document }, id, words) {
  const element = document.getElementById(id);
  const range = document.createRange();
  const walker = document.createTreeWalker(element, 4);
  const begin = element.textContent.indexOf(words);
  let at = 0;
  while (walker.nextNode()) {
    const { length } = walker.currentNode;
    if (begin >= at && begin < at + length) range.setStart(walker.currentNode, begin - at);
    if (begin + words.length > at && begin + words.length <= at + length)
      range.setEnd(walker.currentNode, begin + words.length - at);
    at += length;
  }
  return range;
}

/** @returns the text that the selectors find in another page */
function found(html, selectors) {
  return (
    makePage(html, { scripts: ANCHOR })
      .scholium.locate(selectors)
      ?.toString() ?? null
  );
}

function selectorsOf(html, id, words) {
  const page = makePage(html, { scripts: ANCHOR });
  return JSON.parse(JSON.stringify(page.scholium.describeRange(rangeOf(page, id, words)))).selectors;
}

test('a selection over several elements is quoted with 32 characters around it, and its position', () => {
  const [quote, position, path] = selectorsOf(ARTICLE, 'a', 'quick brown fox jumps');
  assert.deepEqual(quote, {
    type: 'TextQuoteSelector',
    exact: 'quick brown fox jumps',
    prefix: 'On Anchors The ',
    suffix: ' over the lazy dog. Another fox ',
  });
  assert.equal(position.end - position.start, 'quick brown fox jumps'.length);
  assert.deepEqual(path.startSelector, {
    type: 'XPathSelector',
    value: '//*[@id="a"]',
    refinedBy: { type: 'TextPositionSelector', start: 4, end: 4 },
  });
  assert.equal(path.endSelector.refinedBy.start, 'The quick brown fox jumps'.length);
});

test('the same page gives back the same words', () => {
  assert.equal(found(ARTICLE, selectorsOf(ARTICLE, 'a', 'brown fox')), 'brown fox');
  assert.equal(found(ARTICLE, selectorsOf(ARTICLE, 'b', 'The end')), 'The end');
});

test('of equal words the one between the same neighbours is meant, also when text came before it', () => {
  const selectors = selectorsOf(ARTICLE, 'c', 'The end.');
  const page = makePage(ARTICLE.replace('<h1>', '<p>The end. Some banner that was not here before.</p><h1>'), {
    scripts: ANCHOR,
  });
  assert.equal(page.scholium.locate(selectors).startContainer.parentElement.id, 'c');
});

test('where the neighbours say nothing the nearest of equal words is meant', () => {
  const html = `<body>${Array.from({ length: 9 }, (_, i) => `<p id="p${i}">same words here</p>`).join('')}</body>`;
  const page = makePage(html, { scripts: ANCHOR });
  const { selectors } = page.scholium.describeRange(rangeOf(page, 'p4', 'same words here'));
  assert.equal(page.scholium.locate(selectors).startContainer.parentElement.id, 'p4');
});

test('other line breaks, spaces, soft hyphens and ligatures do not lose a highlight', () => {
  const selectors = selectorsOf(ARTICLE, 'b', 'second paragraph');
  assert.equal(
    found(ARTICLE.replace('second paragraph', 'sec\u00adond\n\n   para<i>graph</i>'), selectors),
    'sec\u00adond\n\n   paragraph',
  );
  const fine = selectorsOf(`<body><p id="x">an efficient filter is found</p></body>`, 'x', 'efficient filter');
  assert.equal(found('<body><p>an e\ufb03cient \ufb01lter is found</p></body>', fine), 'e\ufb03cient \ufb01lter');
});

test('words that are gone are not guessed, not even at their old position', () => {
  const selectors = selectorsOf(ARTICLE, 'a', 'brown fox');
  assert.equal(found(ARTICLE.replaceAll('fox', 'cat'), selectors), null);
});

test('a short quote without any of its neighbours is not taken for another one', () => {
  const selectors = selectorsOf(ARTICLE, 'b', 'fox');
  assert.equal(found('<body><p>xxfoxyy</p></body>', selectors), null);
});

test('text in scripts is not part of the page', () => {
  const [quote] = selectorsOf(ARTICLE, 'b', 'Another fox');
  assert.ok(!quote.prefix.includes('var quick'));
});

test('astral characters and right-to-left text are found where they stand', () => {
  const html = `<body><p id="x">𝒜 and 😀 then שלום עולם and more</p></body>`;
  assert.equal(found(html, selectorsOf(html, 'x', '😀 then שלום')), '😀 then שלום');
});

test('every page of text that can be selected can be found again', () => {
  const words = Array.from(
    { length: 400 },
    (_, i) => ['alpha', 'beta', 'gamma', 'delta'][(i * 7 + (i % 3)) % 4] + (i % 11),
  );
  const html = `<body>${Array.from({ length: 40 }, (_, i) => `<p>${words.slice(i * 10, i * 10 + 10).join(' ')}</p>`).join('')}</body>`;
  const page = makePage(html, { scripts: ANCHOR });
  for (const paragraph of page.document.querySelectorAll('p')) {
    const range = page.document.createRange();
    range.setStart(paragraph.firstChild, 6);
    range.setEnd(paragraph.firstChild, 25);
    const again = page.scholium.locate(page.scholium.describeRange(range).selectors);
    assert.equal(again.startContainer, paragraph.firstChild);
    assert.equal(again.toString(), range.toString().trim());
  }
});

test('of places that nothing else tells apart the path chooses, and where it cannot, there is none', () => {
  const rows = (count) => Array.from({ length: count }, (_, i) => `<p id="r${i}">the very same words</p>`).join('');
  const table = (count, before = '') => `<body>${before}<main>${rows(count)}</main></body>`;
  const selectors = selectorsOf(table(400), 'r200', 'very same');
  const shifted = makePage(table(400, '<h1>A banner that came later</h1>'), { scripts: ANCHOR });
  assert.equal(shifted.scholium.locate(selectors).startContainer.parentElement.id, 'r200');
  const bare = selectors.filter(({ type }) => type !== 'RangeSelector');
  assert.equal(shifted.scholium.locate(bare), null);
});

test('the source of a formula is not read beside it, in MathML, KaTeX and MathJax alike', () => {
  const plain = '<body><p id="x">where <i>x</i>=2 holds for all of them</p></body>';
  const words = 'where x=2 holds';
  const selectors = selectorsOf(plain, 'x', words);
  const math = '<math><semantics><mrow><mi>x</mi><mo>=</mo><mn>2</mn></mrow>';
  const formulas = [
    `${math}<annotation encoding="application/x-tex">x=2</annotation></semantics></math>`,
    `${math}<annotation-xml encoding="MathML-Content"><ci>x</ci></annotation-xml></semantics></math>`,
    '<span class="katex"><span class="katex-mathml"><math><mi>x</mi></math></span><span class="katex-html">x=2</span></span>',
    '<mjx-container>x=2<mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml></mjx-container>',
    '<span>x</span><script type="math/tex">x=2</script>=2',
  ];
  for (const formula of formulas) {
    const page = makePage(`<body><p>where ${formula} holds for all of them</p></body>`, { scripts: ANCHOR });
    const { scholium } = page;
    assert.equal(scholium.locateIn(scholium.prepared(), selectors)?.state, 'exact', formula);
  }
});

test('nothing selected is nothing described', () => {
  assert.equal(makePage(ARTICLE, { scripts: ANCHOR }).scholium.describe(), null);
});

test('painting marks what is found, tells what is not, and leaves the page as it was', () => {
  const registry = new Map();
  const page = makePage(ARTICLE, {
    scripts: [...ANCHOR, 'paint'],
    globals: { CSS: { highlights: registry }, Highlight: Set },
  });
  const before = page.document.documentElement.outerHTML;
  const gone = [{ type: 'TextQuoteSelector', exact: 'never written', prefix: '', suffix: '' }];
  const mark = (key, selectors, anchor = null) => ({ key, selectors, anchor, style: styleName('yellow') });
  const told = page.scholium.paint([
    mark('h1', selectorsOf(ARTICLE, 'a', 'brown fox')),
    mark('h2', gone),
    mark('h3', gone, selectorsOf(ARTICLE, 'b', 'Another fox sleeps')),
    mark('h4', selectorsOf(ARTICLE.replace('jumps over the', 'jumped over a'), 'a', 'jumped over a lazy dog')),
  ]);
  assert.deepEqual(
    [...told].map(({ key, state }) => [key, state]),
    [
      ['h1', 'exact'],
      ['h2', 'orphan'],
      ['h3', 'fixed'],
      ['h4', 'fuzzy'],
    ],
  );
  assert.ok(told[0].start < told[3].start && told[3].start < told[2].start);
  assert.deepEqual([...registry.get('scholium-f2c94c')].map(String), [
    'brown fox',
    'Another fox sleeps',
    'jumps over the lazy dog',
  ]);
  assert.equal(page.document.documentElement.outerHTML, before);
  page.scholium.paint([]);
  assert.equal(registry.size, 0);
});

test('only a colour gets into a style sheet', () => {
  assert.match(styleSheet(['#A1B2C3']), /^::highlight\(scholium-a1b2c3\) \{ background-color: #a1b2c380; \}$/m);
  assert.equal(styleSheet(['red; } body { display: none']), styleSheet(['yellow']));
});
