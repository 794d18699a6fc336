/**
 * How other windows reach a reader: browsers inject no scripts into an extension's own page, so it is asked by message,
 * and answers as a page's scripts would.
 *
 * Only the extension's own windows are heard (`browser.js`), and only for the tab that the reader stands in.
 */

import { onMessage, send } from '../browser.js';

/** What a reader can be asked, by name, as the scripts of `page/` have it. @typedef {Record<string, (...words: any[]) => any>} Hands */

/** The reader that this very window is. @type {{tabId: number, hands: Hands} | null} */
let own = null;

/**
 * Answer for a tab.
 * @param {number} tabId
 * @param {Hands} hands
 */
export function serve(tabId, hands) {
  own = { tabId, hands };
  onMessage((message) => {
    const { type, tab, wish, words } = message ?? {};
    if (type !== 'reader' || tab !== tabId || !Object.hasOwn(hands, wish)) return null;
    return Promise.resolve(hands[wish](...words)).then((said) => ({ said }));
  });
}

/**
 * Ask the reader in a tab.
 * @param {number} tabId
 * @param {string} wish
 * @param {unknown[]} words
 * @returns {Promise<any>} raises where no reader answers
 */
export async function ask(tabId, wish, words) {
  if (own?.tabId === tabId) return own.hands[wish](...words);
  const answer = await send({ type: 'reader', tab: tabId, wish, words });
  if (!answer) throw new Error('No reader answers.');
  return answer.said;
}
