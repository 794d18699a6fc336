/** Which addresses may be a server's, and what permission each needs. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BadServer, NetworkFailed, ServerBusy } from '../../extension/src/errors.js';
import { connectTrouble, hostPattern, serverBase, sitePattern } from '../../extension/src/server.js';
import { speak } from './make.mjs';

speak();

test('a server is reached by https, or by http on this machine alone', () => {
  assert.equal(serverBase(' papers.example.org/ '), 'https://papers.example.org');
  assert.equal(serverBase('https://example.org:8443/scholium/'), 'https://example.org:8443/scholium');
  assert.equal(serverBase('http://127.0.0.1:8420'), 'http://127.0.0.1:8420');
  assert.equal(serverBase('localhost:8420'), 'http://localhost:8420');
  for (const bad of [
    'http://papers.example.org',
    'http://127.0.0.1.example.org',
    'http://192.168.1.2',
    'ftp://example.org',
    'javascript:alert(1)',
    '',
    'https://user:pw@example.org',
    'https://',
  ]) {
    assert.throws(() => serverBase(bad), BadServer, bad);
  }
  assert.equal(hostPattern('http://127.0.0.1:8420/x'), 'http://127.0.0.1/*');
  assert.equal(sitePattern('arxiv.org'), 'https://arxiv.org/*');
  assert.throws(() => sitePattern('arxiv'), BadServer);
});

test('HTTPS-only mode is named where it may be the reason, and only there', () => {
  const away = new NetworkFailed();
  const busy = new ServerBusy(60);
  assert.match(connectTrouble(away, 'http://127.0.0.1:8420'), /^The server cannot be reached\. .*HTTPS-only/);
  assert.equal(connectTrouble(away, 'https://example.org'), 'The server cannot be reached.');
  assert.equal(connectTrouble(busy, 'http://127.0.0.1:8420'), 'The server is busy.');
});
