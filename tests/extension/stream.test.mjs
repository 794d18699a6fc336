/** The stream of pokes: read however it is cut, opened again when it breaks, silent when nobody looks. */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';

import { openStream } from '../../extension/src/api.js';
import { NetworkFailed, NotSignedIn, Refused } from '../../extension/src/errors.js';
import { backoff, Stream, versionsIn } from '../../extension/src/stream.js';

globalThis.chrome = { storage: { local: { get: async () => ({}) } } };

const encoded = (parts) => ReadableStream.from(parts.map((part) => new TextEncoder().encode(part)));

/** An event as the server writes it. */
const event = (version) => `event: poke\ndata: {"library_id":"l","version":${version}}\n\n`;

test('events are read however the network cuts them, and comments and nonsense are passed over', async () => {
  const ready = 'event: ready\nretry: 3000\ndata: {"library_id":"l","version":3}\n\n';
  const text = `${ready}: here\n\ndata: {no\n\ndata: {"version":"4"}\n\n${event(5)}`;
  for (let size = 1; size < text.length; size += 7) {
    const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g'));
    const versions = [];
    for await (const version of versionsIn(encoded(parts))) versions.push(version);
    assert.deepEqual(versions, [3, 5], `in parts of ${size}`);
  }
});

test('a stream that ends or breaks is opened again, later each time it does not work', async () => {
  const told = [];
  const waits = [];
  let opened = 0;
  const stream = new Stream({
    open: async () => {
      opened += 1;
      if (opened === 2 || opened === 3) throw new NetworkFailed('away');
      return encoded([event(opened)]);
    },
    poke: (version) => told.push(version),
    random: () => 1,
    wait: async (ms) => {
      waits.push(ms);
      if (opened === 4) stream.stop();
    },
  });
  await stream.start();
  assert.deepEqual(told, [1, 4]);
  assert.deepEqual(waits, [3000, 6000, 12_000, 3000]);
  assert.deepEqual([backoff(0, 0), backoff(30, 1)], [1500, 60_000]);
});

test('one stream is open at most, and stopping ends it at once', async () => {
  let opened = 0;
  let ended = 0;
  const open = (signal) => {
    opened += 1;
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        ended += 1;
        reject(new NetworkFailed('stopped'));
      });
    });
  };
  const stream = new Stream({ open, poke: () => undefined });
  const running = stream.start();
  await stream.start();
  stream.stop();
  await running;
  assert.deepEqual([opened, ended], [1, 1]);
});

test('a connection that says nothing any more is given up for a new one', async () => {
  let opened = 0;
  const stream = new Stream({
    open: async (signal) => {
      opened += 1;
      return new ReadableStream({
        start: (body) => signal.addEventListener('abort', () => body.error(new Error('aborted'))),
      });
    },
    poke: () => undefined,
    silence: 10,
    wait: async () => void (opened === 3 && stream.stop()),
  });
  await stream.start();
  assert.equal(opened, 3);
});

for (const [error, again] of [
  [new NotSignedIn(), 2],
  [new Refused('no such route', 'not_found', 404), 1],
]) {
  test(`${error.name} ends the attempts; asking again later asks the server ${again - 1} times`, async () => {
    let opened = 0;
    const open = async () => {
      opened += 1;
      throw error;
    };
    const stream = new Stream({ open, poke: () => undefined, wait: () => assert.fail('no waiting') });
    await stream.start();
    await stream.start();
    assert.equal(opened, again);
  });
}

test('the token goes in the header, is renewed once, and the answer is read as it comes', async (t) => {
  const asked = [];
  const server = createServer((request, answer) => {
    asked.push([request.url, request.headers.authorization, request.headers.accept]);
    if (asked.length === 1) return answer.writeHead(401).end();
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write(event(7));
  });
  server.listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const stop = new AbortController();
  const bearer = async (refused) => (refused ? 'new' : 'old');
  const body = await openStream(`http://127.0.0.1:${server.address().port}`, bearer, stop.signal);
  for await (const version of versionsIn(body)) {
    assert.equal(version, 7);
    break;
  }
  stop.abort();
  assert.deepEqual(asked, [
    ['/v1/sync/stream', 'Bearer old', 'text/event-stream'],
    ['/v1/sync/stream', 'Bearer new', 'text/event-stream'],
  ]);
});
