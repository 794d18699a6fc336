/**
 * Tells every open window of the extension that something changed, so that it reads again.
 *
 * Carries no content: whoever hears it looks into the database. Only the extension's own contexts can hear or send it.
 */

const CHANNEL = 'scholium-news';

/** Say that the outbox, the mirror or the session changed. */
export function tell() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('changed');
  channel.close();
}

/**
 * Call `react` whenever another context tells news.
 * @param {() => void} react
 */
export function listen(react) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => react();
}
