/**
 * The toolbar at a selection: `__scholium.toolbar(words)` begins to offer it.
 *
 * A classic script in the page's isolated world. It hangs in a closed shadow root, in the top layer, and is the only
 * thing that the extension ever adds to a page. It believes only real clicks on a toolbar that was seen, uncovered, at
 * the words it was shown for; it sends no words, no keys and no secrets, only which colour was chosen. Refuses to show
 * anything of the library: a page may watch whatever is typed into it, so comments are written in the panel.
 */
(() => {
  const scholium = /** @type {any} */ (globalThis).__scholium;
  if (scholium?.toolbar) return;

  const SEEN_MS = 400; // a click sooner than this was not meant for us
  const GAP = 8;
  const STYLE = `
    :host { all: initial !important; display: block !important; position: fixed !important; inset: auto !important; margin: 0 !important; padding: 0 !important;
      border: 0 !important; background: none !important; overflow: visible !important; color-scheme: light dark !important;
      width: max-content !important; height: max-content !important; }
    :host(:not(:popover-open)) { display: none !important; }
    div { display: flex; gap: 2px; padding: 4px; border-radius: 10px; background: light-dark(#fff, #252926);
      border: 1px solid light-dark(#b9b7ad, #4d544f); box-shadow: 0 4px 16px #0004; font: 13px/1 system-ui, sans-serif; }
    button { all: unset; box-sizing: border-box; display: grid; place-items: center; width: 32px; height: 32px; border-radius: 8px;
      cursor: pointer; color: light-dark(#20241f, #eceee9); }
    button:hover { background: light-dark(#e3eeea, #24382f); }
    button:focus-visible { outline: 2px solid light-dark(#1f6f5c, #6fc5ac); outline-offset: -2px; }
    i { display: grid; place-items: center; width: 20px; height: 20px; border-radius: 50%; background: var(--mark); color: #1b1e1c;
      border: 1px solid light-dark(#0003, #fff5); box-sizing: border-box; font: 600 11px/1 system-ui, sans-serif; }
    p { margin: 0; padding: 9px 10px; color: light-dark(#20241f, #eceee9); }
  `;

  /** @typedef {{color: string, name: string, css: string}} Swatch */
  /** @typedef {{label: string, panel: string, done: string, failed: string, swatches: (Swatch & {label: string})[]}} Words */

  const host = document.createElement('scholium-toolbar');
  host.popover = 'manual';
  const root = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const spot = new CSSStyleSheet(); // in here, for a page can write into the host's own style
  root.adoptedStyleSheets = [sheet, spot];
  const box = root.appendChild(document.createElement('div'));
  box.setAttribute('role', 'toolbar');

  let [shownAt, shownFor, declined, uncovered] = [0, '', '', true];

  /** @param {Words} words @param {(wish: object) => Promise<unknown>} [asked] who is told a wish, if not the background */
  function toolbar(words, asked = send) {
    tellWish = asked;
    draw(words);
    if (watching) return;
    watching = true;
    document.addEventListener('pointerup', offer, true);
    document.addEventListener('keyup', offer, true);
    document.addEventListener('keydown', keys, true);
    document.addEventListener('selectionchange', () => shownFor && chosen() !== shownFor && hide());
    addEventListener('scroll', hide, { capture: true, passive: true });
    addEventListener('resize', hide, { passive: true });
    watchCover();
  }
  let watching = false;
  let tellWish = send;

  /** @param {object} wish @returns {Promise<unknown>} */
  function send(wish) {
    const world = /** @type {any} */ (globalThis);
    return (world.browser ?? world.chrome).runtime.sendMessage(wish);
  }

  /** @param {Words} words */
  function draw(words) {
    box.setAttribute('aria-label', words.label);
    const marks = words.swatches.map(({ color, name, css, label }) => {
      const dot = document.createElement('i');
      dot.textContent = [...name][0]?.toUpperCase() ?? ''; // for eyes that do not tell the colours apart
      dot.style.setProperty('--mark', css);
      return button(label, dot, { type: 'mark', color }, words);
    });
    const pen = document.createElement('span');
    pen.textContent = '✎';
    box.replaceChildren(...marks, button(words.panel, pen, { type: 'note' }, words));
  }

  /** Tab leads from the selected words into the toolbar, arrows along it, Escape out of it. @param {KeyboardEvent} event */
  function keys(event) {
    if (!shownFor || !event.isTrusted || event.ctrlKey || event.altKey || event.metaKey) return;
    const buttons = /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll('button')]);
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (root.activeElement));
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Escape') return decline();
    if (at < 0 && event.key === 'Tab' && !event.shiftKey) buttons[0].focus();
    else if (at >= 0 && step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} label @param {Element} face @param {object} wish @param {Words} words */
  function button(label, face, wish, words) {
    const made = document.createElement('button');
    made.type = 'button';
    made.title = label;
    made.setAttribute('aria-label', label);
    made.append(face);
    // The selection stays; in a window of its own Firefox takes it at the second of these.
    for (const name of ['pointerdown', 'mousedown']) made.addEventListener(name, (event) => event.preventDefault());
    made.addEventListener('click', (event) => void (isMeant(event) && choose(wish, words)));
    return made;
  }

  /** @param {object} wish @param {Words} words */
  async function choose(wish, words) {
    hide();
    const answer = await tellWish(wish).catch(() => null);
    if (answer !== true) tell(words.failed, words);
  }

  /** Say that something went wrong, where the toolbar was. @param {string} text @param {Words} words */
  function tell(text, words) {
    const line = document.createElement('p');
    line.setAttribute('role', 'status');
    line.textContent = text;
    box.replaceChildren(line);
    raise();
    setTimeout(() => {
      hide();
      draw(words);
    }, 2500);
  }

  /** The user selected something. @param {Event} event */
  function offer(event) {
    if (!event.isTrusted || event.target === host) return;
    const text = chosen();
    if (!text || isField(document.activeElement)) return hide();
    const area = document.getSelection()?.getRangeAt(0).getBoundingClientRect();
    if (!area || area.width < 2 || area.height < 2) return hide();
    if (text === shownFor || text === declined) return;
    [shownFor, declined] = [text, ''];
    place(area);
  }

  /** @param {DOMRect} area */
  function place(area) {
    raise();
    const { width, height } = host.getBoundingClientRect();
    const above = area.top - height - GAP;
    const left = Math.min(Math.max(GAP, area.left + area.width / 2 - width / 2), innerWidth - width - GAP);
    const top = above >= GAP ? above : Math.min(area.bottom + GAP, innerHeight - height - GAP);
    spot.replaceSync(`:host { left: ${Math.max(GAP, left)}px !important; top: ${top}px !important; }`);
  }

  /** Show it above all else that is in the page now. */
  function raise() {
    if (!host.isConnected) document.documentElement.append(host);
    if (host.matches(':popover-open')) host.hidePopover();
    host.showPopover();
    shownAt = performance.now();
  }

  /** Not for these words. */
  function decline() {
    declined = shownFor;
    hide();
  }

  function hide() {
    shownFor = '';
    if (host.isConnected && host.matches(':popover-open')) host.hidePopover();
    host.remove();
  }

  /** @returns {string} what is selected, empty for nothing */
  function chosen() {
    const selection = document.getSelection();
    return selection?.rangeCount && !selection.isCollapsed ? String(selection).trim() : '';
  }

  /** @param {Element | null} element */
  function isField(element) {
    return element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  }

  /** Whether a person clicked what a person could see. @param {MouseEvent} event */
  function isMeant(event) {
    if (!event.isTrusted || !uncovered || performance.now() - shownAt < SEEN_MS) return false;
    if (!shownFor || chosen() !== shownFor) return false; // the page put other words under the click
    const { left, top, width, height } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    if (document.elementFromPoint(left + width / 2, top + height / 2) !== host) return false;
    return ![...document.querySelectorAll(':popover-open, :modal, :fullscreen')].some((other) => covers(other));
  }

  /** Whether something else of the top layer lies over the toolbar, be it glass. @param {Element} other */
  function covers(other) {
    if (other === host || other.contains(host)) return false;
    const [a, b] = [other.getBoundingClientRect(), host.getBoundingClientRect()];
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  /** Have the browser say whether anything lies over it, or makes it faint (Intersection Observer v2, where it is). */
  function watchCover() {
    if (!('isVisible' in IntersectionObserverEntry.prototype)) return;
    const options = /** @type {any} */ ({ threshold: [1], trackVisibility: true, delay: 100 });
    const observer = new IntersectionObserver((entries) => {
      const last = /** @type {any} */ (entries.at(-1));
      if (last.isIntersecting) uncovered = last.isVisible;
    }, options);
    observer.observe(host);
  }

  /** @type {any} */ (globalThis).__scholium = { ...scholium, toolbar };
})();
