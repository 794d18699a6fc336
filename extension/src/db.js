/**
 * The extension's one IndexedDB, and transactions as promises.
 *
 * Stores: `outbox` (ops in the order they were made), `pages` (what a save's page said, by op id, kept apart so that
 * reading the outbox stays cheap), `rows` (the mirror), `keepsakes` (what a fresh start must push again, and the
 * recovery bin), `contacts` (how the last rounds of sync went), `meta` (cursor, sequences, clock). Every write is durable
 * before it is reported.
 */

/** @typedef {"outbox" | "pages" | "rows" | "keepsakes" | "contacts" | "meta"} StoreName */

/** @type {StoreName[]} */
export const ALL_STORES = ['outbox', 'pages', 'rows', 'keepsakes', 'contacts', 'meta'];

const VERSION = 2;

/**
 * Open the database, made where it is not there.
 * @param {string} name
 * @param {IDBFactory} factory
 * @returns {Promise<IDBDatabase>}
 */
export function openDatabase(name = 'scholium', factory = indexedDB) {
  return new Promise((resolve, reject) => {
    const opening = factory.open(name, VERSION);
    opening.onupgradeneeded = ({ oldVersion }) => build(opening.result, oldVersion);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      // A newer extension in another context may upgrade: get out of its way.
      db.onversionchange = () => db.close();
      resolve(db);
    };
  });
}

/** @type {Promise<IDBDatabase> | null} */
let shared = null;

/**
 * The database of this context, opened once.
 * @returns {Promise<IDBDatabase>}
 */
export function database() {
  shared ??= openDatabase().then((db) => {
    db.addEventListener('close', () => (shared = null));
    db.addEventListener('versionchange', () => (shared = null));
    return db;
  });
  return shared;
}

/**
 * Run `work` in one transaction: all of it, or, when it throws or the worker dies, none of it.
 * Inside, await nothing but `asked(…)`: IndexedDB closes a transaction that waits for anything else.
 * @template T
 * @param {IDBDatabase} db
 * @param {IDBTransactionMode} mode
 * @param {StoreName[]} stores
 * @param {(tx: IDBTransaction) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function transact(db, mode, stores, work) {
  const tx = db.transaction(stores, mode, mode === 'readwrite' ? { durability: 'strict' } : {});
  const settled = new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve(undefined);
    tx.onabort = () => reject(tx.error ?? new DOMException('aborted', 'AbortError'));
  });
  try {
    const answer = await work(tx);
    await settled;
    return answer;
  } catch (error) {
    settled.catch(() => undefined);
    abort(tx);
    throw error;
  }
}

/**
 * A request's answer.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * A value of `meta`.
 * @param {IDBTransaction} tx
 * @param {string} name
 * @returns {Promise<any>} undefined where it was never written
 */
export async function readMeta(tx, name) {
  return (await asked(tx.objectStore('meta').get(name)))?.value;
}

/**
 * Write a value of `meta`.
 * @param {IDBTransaction} tx
 * @param {string} name
 * @param {unknown} value
 */
export function writeMeta(tx, name, value) {
  tx.objectStore('meta').put({ name, value });
}

/** @param {IDBTransaction} tx */
function abort(tx) {
  try {
    tx.abort();
  } catch {
    // It ended by itself: there is nothing left to undo.
  }
}

/** @param {IDBDatabase} db @param {number} from the version that is there, 0 for none */
function build(db, from) {
  if (from < 1) buildFirst(db);
  if (from < 2) db.createObjectStore('contacts', { keyPath: 'number', autoIncrement: true });
}

/** @param {IDBDatabase} db */
function buildFirst(db) {
  const outbox = db.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true });
  outbox.createIndex('key', 'key');
  db.createObjectStore('pages');
  const rows = db.createObjectStore('rows', { keyPath: 'key' });
  rows.createIndex('type', 'type');
  rows.createIndex('names', 'names', { multiEntry: true });
  rows.createIndex('tags', 'tags', { multiEntry: true });
  rows.createIndex('paper', 'paper');
  rows.createIndex('entry', 'entry');
  rows.createIndex('merged_into', 'merged_into');
  rows.createIndex('stale', 'stale');
  db.createObjectStore('keepsakes', { keyPath: 'key' });
  db.createObjectStore('meta', { keyPath: 'name' });
}
