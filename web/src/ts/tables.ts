// The two tables of a transport stream that say what it carries (ISO/IEC 13818-1, 2.4.4): PAT and PMT.

export interface TableStream {
  pid: number;
  streamType: number;
  /** A registration descriptor's format identifier, such as "Opus" or "AC-3"; empty if there is none. */
  format: string;
  /** The descriptors as they stand in the table. */
  info: Uint8Array;
}

export interface Pmt {
  version: number;
  pcrPid: number;
  streams: TableStream[];
}

// CRC-32 of MPEG: polynomial 0x04C11DB7, initial value all ones, neither reflected nor inverted.
const crcTable = (() => {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
    table[byte] = crc >>> 0;
  }
  return table;
})();

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = ((crc << 8) ^ crcTable[((crc >>> 24) ^ byte) & 0xff]) >>> 0;
  return crc;
}

/** The section in `bytes` if it has that table id, is complete, in force and whole; null otherwise. */
function section(bytes: Uint8Array, tableId: number): Uint8Array | null {
  if (bytes.length < 12 || bytes[0] !== tableId) return null;
  const length = 3 + (((bytes[1] & 0x0f) << 8) | bytes[2]);
  if (length < 12 || length > bytes.length) return null;
  const whole = bytes.subarray(0, length);
  const inForce = (whole[5] & 1) === 1;
  return inForce && crc32(whole) === 0 ? whole : null;
}

/** The PIDs of the PMTs that a PAT section names; null if it is no valid PAT. */
export function parsePat(bytes: Uint8Array): number[] | null {
  const whole = section(bytes, 0x00);
  if (!whole) return null;
  const pids: number[] = [];
  for (let at = 8; at + 4 <= whole.length - 4; at += 4) {
    const programNumber = (whole[at] << 8) | whole[at + 1];
    if (programNumber !== 0) pids.push(((whole[at + 2] & 0x1f) << 8) | whole[at + 3]);
  }
  return pids;
}

export function parsePmt(bytes: Uint8Array): Pmt | null {
  const whole = section(bytes, 0x02);
  if (!whole) return null;
  const end = whole.length - 4;
  const streams: TableStream[] = [];
  let at = 12 + (((whole[10] & 0x0f) << 8) | whole[11]);
  while (at + 5 <= end) {
    const infoBytes = ((whole[at + 3] & 0x0f) << 8) | whole[at + 4];
    const info = whole.subarray(at + 5, Math.min(end, at + 5 + infoBytes));
    streams.push({
      streamType: whole[at],
      pid: ((whole[at + 1] & 0x1f) << 8) | whole[at + 2],
      format: formatOf(info),
      info,
    });
    at += 5 + infoBytes;
  }
  return {version: (whole[5] >> 1) & 0x1f, pcrPid: ((whole[8] & 0x1f) << 8) | whole[9], streams};
}

/** What a registration descriptor (tag 5), or the DVB tags for AC-3 and E-AC-3, say about a private stream. */
function formatOf(info: Uint8Array): string {
  for (let at = 0; at + 2 <= info.length; at += 2 + info[at + 1]) {
    const tag = info[at];
    const body = info.subarray(at + 2, at + 2 + info[at + 1]);
    if (tag === 0x05 && body.length >= 4) return String.fromCharCode(...body.subarray(0, 4));
    if (tag === 0x6a) return 'AC-3';
    if (tag === 0x7a) return 'EAC3';
  }
  return '';
}

const pmtPid = 0x1000;

/**
 * A PAT and a PMT packet that announce just these streams. A player that is to hear nothing must find no sound in
 * the tables: mpegts.js waits for every stream that it was promised.
 */
export function writeTables(streams: TableStream[]): Uint8Array {
  const pat = [0x00, 0x01, 0xc1, 0, 0, 0x00, 0x01, 0xe0 | (pmtPid >> 8), pmtPid & 0xff];
  const pmt = [0x00, 0x01, 0xc1, 0, 0, ...pidBytes(streams[0]?.pid ?? 0x1fff), 0xf0, 0];
  for (const {streamType, pid, info} of streams) {
    pmt.push(streamType, ...pidBytes(pid), 0xf0 | (info.length >> 8), info.length & 0xff, ...info);
  }
  const packets = new Uint8Array(2 * 188).fill(0xff);
  packets.set(sectionPacket(0, 0x00, pat), 0);
  packets.set(sectionPacket(pmtPid, 0x02, pmt), 188);
  return packets;
}

const pidBytes = (pid: number) => [0xe0 | (pid >> 8), pid & 0xff];

function sectionPacket(pid: number, tableId: number, body: number[]): Uint8Array {
  const length = body.length + 4;
  const whole = Uint8Array.from([tableId, 0xb0 | (length >> 8), length & 0xff, ...body]);
  const crc = crc32(whole);
  const crcBytes = [crc >>> 24, (crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff];
  return Uint8Array.from([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10, 0x00, ...whole, ...crcBytes]);
}
