/** What goes with each request to the server: an id of its own, and the headers that a proxy before it wants. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { linesOf } from '../../extension/src/panel/trending.js';
import { authorizeDevice, referenceOf, trendingToday } from '../../extension/src/api.js';
import { dropHeader, headersFor, keepHeader } from '../../extension/src/extra_headers.js';
import { speak } from './make.mjs';

const SERVER = 'https://papers.example.org/library';
const stored = {};
const asked = [];
globalThis.chrome = {
  storage: {
    local: {
      get: async (name) => (name in stored ? { [name]: structuredClone(stored[name]) } : {}),
      set: async (values) => Object.assign(stored, structuredClone(values)),
    },
  },
};
speak();
globalThis.fetch = async (url, init) => {
  asked.push({ url, headers: new Headers(init.headers) });
  return new Response(JSON.stringify({ items: [], device_code: 'd', user_code: 'u', verification_uri: 'https://x.example' }));
};
const bearer = async () => 'token';

beforeEach(() => {
  for (const name of Object.keys(stored)) delete stored[name];
  asked.length = 0;
});

test('each request has an id that no other has', async () => {
  await trendingToday(SERVER, bearer, 10);
  await referenceOf(SERVER, bearer, 'e1', 'apa');
  const ids = asked.map(({ headers }) => headers.get('x-request-id'));
  assert.match(ids[0], /^[0-9a-f-]{36}$/);
  assert.notEqual(ids[0], ids[1]);
});

test('the headers of a proxy go with every request to its server, also before it is connected, and to no other', async () => {
  await keepHeader(SERVER, ' CF-Access-Client-Id ', 'abc ');
  await authorizeDevice(SERVER, 'Firefox');
  await trendingToday('https://papers.example.org', bearer, 1);
  await trendingToday('https://papers.example.org.evil.example', bearer, 1);
  await trendingToday('http://papers.example.org', bearer, 1);
  assert.deepEqual(
    asked.map(({ headers }) => headers.get('cf-access-client-id')),
    ['abc', 'abc', null, null],
  );
});

test('they never take the place of what the extension itself says', async () => {
  for (const name of ['Authorization', 'cookie', 'Host', 'content-type', 'Sec-Fetch-Site', 'X-Request-Id', 'accept']) {
    await assert.rejects(keepHeader(SERVER, name, 'x'), (error) => error.code === 'bad_header' && error.text.includes(name));
  }
  stored.headers = { origin: 'https://papers.example.org', list: [['authorization', 'stolen']] };
  await trendingToday(SERVER, bearer, 1);
  assert.equal(asked[0].headers.get('authorization'), 'Bearer token');
});

test('what is no header is refused, and nothing is kept of it', async () => {
  for (const [name, value] of [['', 'x'], ['a b', 'x'], ['a:', 'x'], ['x'.repeat(101), 'x'], ['A', ''], ['A', 'a\r\nB: c'], ['A', 'ü'], ['A', 'x'.repeat(4097)]]) {
    await assert.rejects(keepHeader(SERVER, name, value), { code: 'bad_header' });
  }
  assert.deepEqual(await headersFor(SERVER), []);
  for (let n = 0; n < 8; n++) await keepHeader(SERVER, `X-${n}`, 'v');
  await assert.rejects(keepHeader(SERVER, 'X-8', 'v'), { code: 'bad_header' });
});

test('a header is replaced by its name and taken away; those of another server are forgotten', async () => {
  await keepHeader(SERVER, 'X-Key', 'one');
  await keepHeader(SERVER, 'x-key', 'two');
  await keepHeader(SERVER, 'X-Other', 'three');
  await dropHeader(SERVER, 'X-Other');
  assert.deepEqual(await headersFor(SERVER), [['x-key', 'two']]);
  await keepHeader('https://other.example', 'X-Mine', 'v');
  assert.deepEqual(await headersFor(SERVER), []);
});

test('a paper that trends leads to its best page, and to nothing that is no web page', () => {
  const form = (kind, url) => ({ kind, url });
  const line = (manifestations) => linesOf([{ paper: { title: 'T', manifestations }, reasons: ['3 people saved it'], people: 3 }]);
  const forms = [form('pdf', 'https://x.example/p.pdf'), form('abs', 'https://x.example/abs')];
  assert.deepEqual(line(forms), [{ title: 'T', url: 'https://x.example/abs', reason: '3 people saved it' }]);
  assert.deepEqual(line([form('abs', 'javascript:alert(1)')]), []);
});
