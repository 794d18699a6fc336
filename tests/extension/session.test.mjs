/** Pairing by a code, tokens that stay fresh, and addresses that may be a server's; over real HTTP on loopback. */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { remote } from '../../extension/src/api.js';
import {
  BadAnswer,
  DeviceForked,
  ExtensionTooOld,
  NetworkFailed,
  NotSignedIn,
  OAuthRefused,
  Refused,
  ResyncNeeded,
  ServerBusy,
} from '../../extension/src/errors.js';

import {
  bearer,
  beginPairing,
  currentPairing,
  currentSession,
  disconnect,
  pollPairing,
} from '../../extension/src/session.js';
import { DEVICE, LIBRARY } from './make.mjs';

/** A browser's storage, as a fresh profile has it. */
function makeBrowser() {
  const area = () => {
    const values = new Map();
    return {
      get: async (name) => (values.has(name) ? { [name]: structuredClone(values.get(name)) } : {}),
      set: async (all) => Object.entries(all).forEach(([name, value]) => values.set(name, structuredClone(value))),
      remove: async (name) => values.delete(name),
    };
  };
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/153.0' },
  });
  globalThis.chrome = {
    storage: { local: area(), session: area() },
    runtime: { getBrowserInfo: () => undefined },
    permissions: { contains: async (wish) => permitted(wish) },
  };
}

/** What the browser says to the question whether a permission is held. */
let permitted = () => true;

/** An HTTP server on a free port that answers with `answer(path, body, headers)` = [status, body, headers]. */
async function makeServer(t, answer) {
  const heard = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const said = {
      path: request.url,
      text,
      form: Object.fromEntries(new URLSearchParams(text)),
      headers: request.headers,
    };
    heard.push(said);
    const [status, body, headers = {}] = answer(said, heard);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { base: `http://127.0.0.1:${server.address().port}`, heard };
}

const GRANT = {
  device_code: 'dev-1',
  user_code: 'BCDF-GHJK',
  verification_uri: 'http://127.0.0.1/pair',
  expires_in: 900,
  interval: 5,
};
const tokens = (n, more = {}) => ({
  access_token: `access-${n}`,
  token_type: 'Bearer',
  expires_in: 900,
  refresh_token: `refresh-${n}`,
  device_id: DEVICE,
  library_id: LIBRARY,
  ...more,
});

test("pairing shows a code, keeps the server's pace, and ends in a session", async (t) => {
  makeBrowser();
  const answers = [
    [400, { error: 'authorization_pending' }],
    [400, { error: 'slow_down' }],
    [200, tokens(1)],
  ];
  const { base, heard } = await makeServer(t, ({ path }) => (path === '/oauth/token' ? answers.shift() : [200, GRANT]));
  assert.equal((await beginPairing(base, 0)).user_code, 'BCDF-GHJK');
  assert.equal(await pollPairing(4000), null);
  assert.equal(heard.length, 1);
  assert.equal(await pollPairing(5000), null);
  assert.equal(await pollPairing(10_000), null);
  assert.equal((await currentPairing()).interval, 10);
  assert.equal(await pollPairing(19_000), null);
  assert.equal((await pollPairing(20_000)).library_id, LIBRARY);
  assert.equal(await currentPairing(), null);
  assert.deepEqual(heard[0].form, { client_id: 'scholium-extension', device_name: 'Firefox on Linux' });
  assert.deepEqual(heard.at(-1).form, {
    client_id: 'scholium-extension',
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: 'dev-1',
  });
  assert.equal(await bearer(null), 'access-1');
});

test("a declined or expired code ends the pairing with the server's word", async (t) => {
  for (const error of ['access_denied', 'expired_token']) {
    makeBrowser();
    const { base } = await makeServer(t, ({ path }) => (path === '/oauth/token' ? [400, { error }] : [200, GRANT]));
    await beginPairing(base, 0);
    await assert.rejects(pollPairing(9000), (refused) => refused instanceof OAuthRefused && refused.code === error);
    assert.equal(await currentPairing(), null);
  }
});

test('a server that is away while the code waits does not end the pairing', async (t) => {
  makeBrowser();
  const { base } = await makeServer(t, ({ path }) => (path === '/oauth/token' ? [503, {}] : [200, GRANT]));
  await beginPairing(base, 0);
  assert.equal(await pollPairing(6000), null);
  assert.equal((await currentPairing()).next_at, 11_000);
});

test('something else at the address is named for what it is', async (t) => {
  makeBrowser();
  const { base } = await makeServer(t, () => [200, '<html>hello</html>']);
  await assert.rejects(beginPairing(base), BadAnswer);
  const { base: wicked } = await makeServer(t, () => [200, { ...GRANT, verification_uri: 'javascript:alert(1)' }]);
  await assert.rejects(beginPairing(wicked), BadAnswer);
});

test('many windows that need a new token at once use the refresh token once', async (t) => {
  makeBrowser();
  const { base, heard } = await makeServer(t, () => [200, tokens(2)]);
  await chrome.storage.local.set({
    session: { server: base, refresh_token: 'refresh-1', device_id: DEVICE, library_id: LIBRARY },
  });
  const found = await Promise.all(Array.from({ length: 8 }, () => bearer(null)));
  assert.deepEqual(new Set(found), new Set(['access-2']));
  assert.deepEqual(
    heard.map((one) => one.form.refresh_token),
    ['refresh-1'],
  );
  assert.equal((await currentSession()).refresh_token, 'refresh-2');
});

test('a token that the server no longer takes is renewed once, and the request comes again', async (t) => {
  makeBrowser();
  const { base, heard } = await makeServer(t, ({ path, headers }) => {
    if (path === '/oauth/token') return [200, tokens(2)];
    return headers.authorization === 'Bearer access-2' ? [200, { changes: [] }] : [401, { code: 'not_signed_in' }];
  });
  await chrome.storage.local.set({
    session: { server: base, refresh_token: 'refresh-1', device_id: DEVICE, library_id: LIBRARY },
  });
  await chrome.storage.session.set({ access: { token: 'access-1', expires_at: Date.now() + 900_000 } });
  assert.deepEqual(await remote(base, bearer).pull('a b', 10), { changes: [] });
  assert.deepEqual(
    heard.map((one) => one.path),
    ['/v1/sync/pull?limit=10&cursor=a+b', '/oauth/token', '/v1/sync/pull?limit=10&cursor=a+b'],
  );
});

test('a refused refresh token signs this device out and keeps who it was', async (t) => {
  makeBrowser();
  const { base } = await makeServer(t, () => [400, { error: 'invalid_grant' }]);
  await chrome.storage.local.set({
    session: { server: base, refresh_token: 'refresh-1', device_id: DEVICE, library_id: LIBRARY },
  });
  await assert.rejects(bearer(null), NotSignedIn);
  assert.deepEqual(await currentSession(), {
    server: base,
    refresh_token: null,
    device_id: DEVICE,
    library_id: LIBRARY,
  });
});

test('a refresh that found no server keeps the refresh token for the next try', async () => {
  makeBrowser();
  await chrome.storage.local.set({
    session: { server: 'http://127.0.0.1:1', refresh_token: 'refresh-1', device_id: DEVICE, library_id: LIBRARY },
  });
  await assert.rejects(bearer(null), NetworkFailed);
  assert.equal((await currentSession()).refresh_token, 'refresh-1');
});

test('disconnecting gives the token back and forgets it, also when the server is away', async (t) => {
  makeBrowser();
  const { base, heard } = await makeServer(t, () => [200, '']);
  await chrome.storage.local.set({
    session: { server: base, refresh_token: 'refresh-1', device_id: DEVICE, library_id: LIBRARY },
  });
  await disconnect();
  assert.deepEqual(
    heard.map((one) => [one.path, one.form.token]),
    [['/oauth/revoke', 'refresh-1']],
  );
  await chrome.storage.local.set({
    session: { server: 'http://127.0.0.1:1', refresh_token: 'r', device_id: DEVICE, library_id: LIBRARY },
  });
  await disconnect();
  assert.equal((await currentSession()).refresh_token, null);
});

test('no token is given out once the user took the word back in the browser', async (t) => {
  makeBrowser();
  const { base } = await makeServer(t, () => [200, tokens(2)]);
  await chrome.storage.local.set({ session: { server: base, refresh_token: 'refresh-1' } });
  t.after(() => (permitted = () => true));
  permitted = ({ origins, data_collection }) => !(origins[0] === 'http://127.0.0.1/*' && data_collection.length === 3);
  await assert.rejects(bearer(null), NotSignedIn);
});

test('each refusal of the server is an error of its own', async (t) => {
  const cases = [
    [409, { code: 'device_forked', device_id: 'd2' }, {}, (e) => e instanceof DeviceForked && e.deviceId === 'd2'],
    [410, { code: 'resync', reason: 'floor' }, {}, (e) => e instanceof ResyncNeeded && e.reason === 'floor'],
    [426, {}, {}, (e) => e instanceof ExtensionTooOld],
    [429, {}, { 'retry-after': '7' }, (e) => e instanceof ServerBusy && e.after === 7],
    [502, '<html>', {}, (e) => e instanceof ServerBusy && e.after === null],
    [
      403,
      { code: 'not_allowed', detail: 'this library is not yours' },
      {},
      (e) => e instanceof Refused && e.code === 'not_allowed',
    ],
    [302, '', { location: '/elsewhere' }, (e) => e instanceof NetworkFailed],
  ];
  for (const [status, body, headers, expected] of cases) {
    const { base } = await makeServer(t, ({ path }) => (path === '/elsewhere' ? [200, {}] : [status, body, headers]));
    await assert.rejects(remote(base, async () => 'token').push({ ops: [] }), expected, String(status));
  }
});
