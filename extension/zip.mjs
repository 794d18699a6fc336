/**
 * A zip whose bytes depend on nothing but the files: names in order, one fixed date (PKWARE APPNOTE 4.3).
 *
 * Refuses clocks, owners and modes. Another version of zlib may pack otherwise; the same one always packs alike.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

const MADE = 0x5a21; // 2025-01-01 in the date format of MS-DOS: any date would do, if it is always the same
const DEFLATED = 8;

/** All files below a folder. @param {string} folder @returns {Buffer} */
export function zip(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = found.map((one) => relative(folder, join(one.parentPath, one.name)).split(sep).join('/')).sort();
  const bodies = [];
  const directory = [];
  let offset = 0;
  for (const path of paths) {
    const body = readFileSync(join(folder, path));
    const packed = deflateRawSync(body, { level: 9 });
    const name = Buffer.from(path);
    const facts = factsOf(body, packed, name);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, Buffer.alloc(2), name, packed]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, Buffer.alloc(12), uint32(offset), name]));
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  return Buffer.concat([...bodies, index, ending(paths.length, index.length, offset)]);
}

/** The fields that both headers share: version, flags, method, time, date, checksum, sizes, length of the name.
 * @param {Buffer} body @param {Buffer} packed @param {Buffer} name */
function factsOf(body, packed, name) {
  const facts = Buffer.alloc(24);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(0x0800, 2); // names are UTF-8
  facts.writeUInt16LE(DEFLATED, 4);
  facts.writeUInt16LE(MADE, 8);
  facts.writeUInt32LE(crc32(body), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(body.length, 18);
  facts.writeUInt16LE(name.length, 22);
  return facts;
}

/** @param {number} count @param {number} size @param {number} offset */
function ending(count, size, offset) {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([Buffer.from('PK\x05\x06'), end]);
}

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
