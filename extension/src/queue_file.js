/**
 * The queue as a file that the user keeps: everything that no server has answered for, pages included.
 */

import { everything } from './outbox.js';

/** Offer the file, as a download. @param {IDBDatabase} db */
export async function saveQueue(db) {
  const text = JSON.stringify(await everything(db), null, 2);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'scholium-queue.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
