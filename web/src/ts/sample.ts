// Makes small transport streams for tests.

import {packetBytes} from './packets';
import {type TableStream, writeTables} from './tables';

export const entry = (pid: number, streamType: number, info: number[] = []): TableStream =>
  ({pid, streamType, format: '', info: Uint8Array.from(info)});

export const tables = (...streams: TableStream[]): Uint8Array => writeTables(streams);

export interface PesOptions {
  id?: number;
  pts?: number;  // seconds
  randomAccess?: boolean;
  counter?: number;
  /** Leave the length 0, as ffmpeg does for video. */
  unbounded?: boolean;
}

/** The TS packets of one PES packet. */
export function pes(pid: number, data: number[], options: PesOptions = {}): Uint8Array {
  const {id = 0xe0, pts, randomAccess = false, unbounded = (id & 0xf0) === 0xe0} = options;
  let counter = options.counter ?? 0;
  const stamp = pts === undefined ? [] : ptsBytes(pts);
  const length = unbounded ? 0 : 3 + stamp.length + data.length;
  let rest = [0, 0, 1, id, length >> 8, length & 0xff, 0x80, stamp.length ? 0x80 : 0, stamp.length, ...stamp, ...data];
  const packets: number[] = [];
  for (let first = true; rest.length > 0; first = false, counter++) {
    const flags = first && randomAccess ? [0x40] : [];
    const room = packetBytes - 4 - (flags.length ? 2 : 0);
    const take = Math.min(room, rest.length);
    const fill = room - take;
    const field = fill === 0 ? flags : fill === 1 && !flags.length ? [] : [flags[0] ?? 0, ...Array(fill - (flags.length ? 0 : 2)).fill(0xff)];
    const adaptation = fill === 0 && !flags.length ? [] : [field.length, ...field];
    packets.push(0x47, (first ? 0x40 : 0) | (pid >> 8), pid & 0xff, (adaptation.length ? 0x30 : 0x10) | (counter & 15),
      ...adaptation, ...rest.slice(0, take));
    rest = rest.slice(take);
  }
  return Uint8Array.from(packets);
}

function ptsBytes(seconds: number): number[] {
  const ticks = BigInt(Math.round(seconds * 90000)) & 0x1ffffffffn;
  const bits = (shift: bigint, mask: bigint) => Number((ticks >> shift) & mask);
  return [0x21 | (bits(30n, 7n) << 1), bits(22n, 0xffn), (bits(15n, 0x7fn) << 1) | 1, bits(7n, 0xffn), (bits(0n, 0x7fn) << 1) | 1];
}

/** A sequence header and what follows it: an extension for MPEG-2, a group for MPEG-1; then a picture. */
export function mpegPicture(width: number, height: number, mpeg2 = false): number[] {
  return [
    0, 0, 1, 0xb3, width >> 4, ((width & 15) << 4) | (height >> 8), height & 0xff, 0x13, 0xff, 0xff, 0xe0, 0x18,
    0, 0, 1, mpeg2 ? 0xb5 : 0xb8, 0, 8, 0, 0x40,
    0, 0, 1, 0x00, 0, 0x0f, 0xff, 0xf8, 0, 0, 1, 1, 0x2b, 0x77,
  ];
}

export const mpegPredicted = [0, 0, 1, 0x00, 0, 0x57, 0xff, 0xf8, 0, 0, 1, 1, 0x2b, 0x77];

export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
