import {describe, expect, test} from 'vitest';

import {PacketCutter, packetBytes} from './packets';
import {concat} from './sample';

/** `count` packets, each filled with its number. */
const numbered = (count: number) => concat(...Array.from({length: count}, (_, i) => {
  const packet = new Uint8Array(packetBytes).fill(i + 1);
  packet[0] = 0x47;
  return packet;
}));

function cutAt(bytes: Uint8Array, ...cuts: number[]): Uint8Array {
  const cutter = new PacketCutter();
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    pieces.push(cutter.feed(bytes.subarray(from, cut)));
    from = cut;
  }
  return concat(...pieces);
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

describe('PacketCutter', () => {
  test('gives the same packets wherever the messages are cut', () => {
    const stream = numbered(5);
    for (let cut = 0; cut <= stream.length; cut++) expect(same(cutAt(stream, cut), stream), `cut at ${cut}`).toBe(true);
  });

  test('gives the same packets byte by byte', () => {
    const stream = numbered(4);
    expect(cutAt(stream, ...Array.from(stream.keys()).slice(1))).toEqual(stream);
  });

  test('hands whole packets on without copying once it is in step', () => {
    const cutter = new PacketCutter();
    cutter.feed(numbered(3));
    const more = numbered(2);
    expect(cutter.feed(more)).toBe(more);
  });

  test('finds the packets behind a beginning in mid-packet', () => {
    const stream = numbered(6);
    for (const missing of [1, 50, 187]) {
      const cutter = new PacketCutter();
      expect(cutter.feed(stream.subarray(missing))).toEqual(stream.subarray(packetBytes));
      expect(cutter.skippedBytes).toBe(packetBytes - missing);
    }
  });

  test('loses only what is foreign when something foreign stands between packets', () => {
    const foreign = new Uint8Array(77).fill(0x20);
    const cutter = new PacketCutter();
    const out = cutter.feed(concat(numbered(3), foreign, numbered(4)));
    expect(out).toEqual(concat(numbered(3), numbered(4)));
    expect(cutter.skippedBytes).toBe(77);
    expect(cutter.synced).toBe(true);
  });

  test('is not in step with what is no transport stream, and keeps little of it', () => {
    const cutter = new PacketCutter();
    for (let i = 0; i < 100; i++) {
      expect(cutter.feed(new Uint8Array(4000).fill(0x47 ^ (i + 1))).length).toBe(0);
      expect(cutter.synced).toBe(false);
    }
    expect(cutter.skippedBytes).toBeGreaterThan(300_000);
  });

  test('two sync bytes at the right distance are not enough', () => {
    const bytes = new Uint8Array(packetBytes * 2 + 100);
    bytes[0] = bytes[packetBytes] = 0x47;
    const cutter = new PacketCutter();
    cutter.feed(bytes);
    expect(cutter.synced).toBe(false);
  });

  test('begins anew after a reset', () => {
    const cutter = new PacketCutter();
    cutter.feed(numbered(3).subarray(0, 500));
    cutter.reset();
    expect(cutter.synced).toBe(false);
    expect(cutter.feed(numbered(3))).toEqual(numbered(3));
  });
});
