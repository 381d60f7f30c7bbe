import {describe, expect, test} from 'vitest';

import {crc32, parsePat, parsePmt, writeTables} from './tables';
import {entry} from './sample';

// The PAT and PMT sections that ffmpeg 5.1 writes for MPEG-1 video and MP2 sound.
const ffmpegPat = Uint8Array.from([0x00, 0xb0, 0x0d, 0x00, 0x01, 0xc1, 0x00, 0x00, 0x00, 0x01, 0xf0, 0x00, 0x2a, 0xb1, 0x04, 0xb2]);

const section = (packet: Uint8Array) => packet.subarray(5);

describe('tables', () => {
  test('the checksum is that of MPEG', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0x0376e6e7);
    expect(crc32(ffmpegPat)).toBe(0);
  });

  test('a PAT names its PMTs', () => {
    expect(parsePat(ffmpegPat)).toEqual([0x1000]);
  });

  test('a table that is damaged anywhere is none', () => {
    for (let at = 0; at < ffmpegPat.length; at++) {
      for (const bit of [1, 0x80]) {
        const damaged = ffmpegPat.slice();
        damaged[at] ^= bit;
        expect(parsePat(damaged)).toBeNull();
      }
    }
  });

  test('a table that is cut anywhere is none', () => {
    for (let end = 0; end < ffmpegPat.length; end++) expect(parsePat(ffmpegPat.subarray(0, end))).toBeNull();
  });

  test('what is written can be read', () => {
    const streams = [entry(0x100, 0x1b), entry(0x101, 0x06, [0x05, 4, 0x4f, 0x70, 0x75, 0x73]), entry(0x1ffe, 0x0f)];
    const packets = writeTables(streams);
    expect(packets.length).toBe(2 * 188);
    expect(parsePat(section(packets.subarray(0, 188)))).toEqual([0x1000]);
    const pmt = parsePmt(section(packets.subarray(188)))!;
    expect(pmt.pcrPid).toBe(0x100);
    expect(pmt.streams.map(s => [s.pid, s.streamType, s.format])).toEqual(
      [[0x100, 0x1b, ''], [0x101, 0x06, 'Opus'], [0x1ffe, 0x0f, '']]);
  });

  test('random bytes never throw', () => {
    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16;
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from({length: random() % 40}, () => random() & 0xff);
      if (bytes.length > 0) bytes[0] = round % 2 === 0 ? 0 : 2;
      expect(() => { parsePat(bytes); parsePmt(bytes); }).not.toThrow();
    }
  });
});
