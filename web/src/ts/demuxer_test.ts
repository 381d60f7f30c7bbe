import {describe, expect, test} from 'vitest';

import {codecName} from './codecs';
import {Demuxer, type Program, type Unit, type UnitStart} from './demuxer';
import {concat, entry, mpegPicture, mpegPredicted, pes, tables} from './sample';

const video = entry(0x100, 0x02);
const sound = entry(0x101, 0x03);
const mp2 = [0xff, 0xfd, 0x80, 0xc4, 1, 2, 3, 4];

class Watch {
  programs: string[] = [];
  starts: UnitStart[] = [];
  units: Unit[] = [];
  jumps = 0;
  gaps = 0;
  readonly demuxer = new Demuxer({
    program: (program: Program) => this.programs.push(
      program.streams.map(s => `${codecName(s.codec)}${s.width ? ` ${s.width}x${s.height}` : ''}`).join(', ') + (program.mixed ? ' (mixed)' : '')),
    start: start => this.starts.push({...start}),
    unit: unit => this.units.push(unit),
    jump: () => this.jumps++,
    gap: () => this.gaps++,
  });

  feed(...packets: Uint8Array[]): this {
    this.demuxer.feed(concat(...packets));
    return this;
  }
}

describe('Demuxer', () => {
  test('says what the stream carries, and more of it when the stream itself tells', () => {
    const watch = new Watch().feed(
      tables(video, sound), pes(0x100, mpegPicture(640, 360), {pts: 1}), pes(0x100, mpegPredicted, {pts: 1.04, counter: 1}),
      pes(0x101, mp2, {id: 0xc0, pts: 1}));
    expect(watch.programs).toEqual(['MPEG video, MPEG audio', 'MPEG-1 video 640x360, MPEG audio', 'MPEG-1 video 640x360, MP2 audio']);
  });

  test('MPEG-2 is not taken for MPEG-1', () => {
    const watch = new Watch().feed(tables(video), pes(0x100, mpegPicture(720, 576, true), {pts: 1}), pes(0x100, mpegPredicted, {counter: 1}));
    expect(watch.programs.at(-1)).toBe('MPEG-2 video 720x576');
  });

  test('a new size is announced', () => {
    const watch = new Watch().feed(tables(video), pes(0x100, mpegPicture(640, 360)), pes(0x100, mpegPicture(320, 240), {counter: 1}),
      pes(0x100, mpegPredicted, {counter: 2}));
    expect(watch.programs.at(-1)).toBe('MPEG-1 video 320x240');
  });

  test('the same tables again are no news', () => {
    const watch = new Watch();
    for (let i = 0; i < 50; i++) watch.feed(tables(video, sound));
    expect(watch.programs.length).toBe(1);
  });

  test('a picture is whole with its stuffing, or when the next begins', () => {
    const long = [...mpegPicture(640, 360), ...Array(1000).fill(7)];
    const stuffed = new Watch().feed(tables(video), pes(0x100, long, {pts: 2}));
    expect(stuffed.units.map(u => u.payload.length)).toEqual([long.length]);

    // Filled to the last byte: nothing says that this was the end but the next beginning.
    const exact = [...mpegPicture(640, 360), ...Array(184 * 3 - 9 - 34).fill(7)];
    const watch = new Watch().feed(tables(video), pes(0x100, exact));
    expect(watch.units.length).toBe(0);
    watch.feed(pes(0x100, mpegPredicted, {counter: 3}));
    expect(Array.from(watch.units[0].payload)).toEqual(exact);
  });

  test('gives the same pictures however the packets are grouped', () => {
    const stream = concat(tables(video, sound), ...Array.from({length: 12}, (_, i) => concat(
      pes(0x100, i % 4 === 0 ? mpegPicture(640, 360) : [...mpegPredicted, ...Array(300).fill(i)], {pts: 5 + i / 25, counter: 2 * i - Math.ceil(i / 4)}),
      pes(0x101, mp2, {id: 0xc0, pts: 5 + i / 25, counter: i}))));
    const whole = new Watch().feed(stream);
    const single = new Watch();
    for (let at = 0; at < stream.length; at += 188) single.feed(stream.subarray(at, at + 188));
    expect(single.units).toEqual(whole.units);
    expect(single.programs).toEqual(whole.programs);
    expect(whole.units.length).toBe(24);
  });

  test('key frames are known at their first packet, with their place', () => {
    const watch = new Watch().feed(
      tables(entry(0x100, 0x1b)),
      pes(0x100, [0, 0, 1, 0x41, 0x9a], {pts: 1}),
      pes(0x100, [0, 0, 1, 0x41, 0x9a], {pts: 1.04, counter: 1, randomAccess: true}),
      pes(0x100, [0, 0, 1, 0x67, 0x42, 0, 0, 1, 0x65], {pts: 1.08, counter: 2}));
    expect(watch.starts.map(s => [s.key, s.offset])).toEqual([[false, 376], [true, 564], [true, 752]]);
  });

  test('time stamps run on over their 33 bits', () => {
    const wrap = 2 ** 33 / 90000;
    const watch = new Watch().feed(tables(video), ...[-0.08, -0.04, 0, 0.04].map((t, i) => pes(0x100, mpegPredicted, {pts: (wrap + t) % wrap, counter: i})));
    const stamps = watch.starts.map(s => s.pts!);
    expect(watch.jumps).toBe(0);
    for (let i = 1; i < stamps.length; i++) expect(stamps[i] - stamps[i - 1]).toBeCloseTo(0.04, 3);
  });

  test('a clock that begins anew is reported, small steps back are not', () => {
    const at = (pts: number, counter: number) => pes(0x100, mpegPredicted, {pts, counter});
    const watch = new Watch().feed(tables(video), at(100, 0), at(100.08, 1), at(100.04, 2));
    expect(watch.jumps).toBe(0);
    watch.feed(at(1.4, 3));
    expect(watch.jumps).toBe(1);
    watch.feed(at(1.44, 4), at(9, 5));
    expect(watch.jumps).toBe(2);
  });

  test('missing packets are reported, repeated and announced ones are not', () => {
    const at = (counter: number) => pes(0x100, mpegPredicted, {counter});
    const watch = new Watch().feed(tables(video), at(14), at(15), at(0), at(0));
    expect(watch.gaps).toBe(0);
    watch.feed(at(2));
    expect(watch.gaps).toBe(1);
    const announced = pes(0x100, mpegPredicted, {counter: 9, randomAccess: true});
    announced[5] |= 0x80;
    watch.feed(announced);
    expect(watch.gaps).toBe(1);
  });

  test('a PMT that drops the sound takes effect at once', () => {
    const watch = new Watch().feed(tables(video, sound), tables(video));
    expect(watch.programs).toEqual(['MPEG video, MPEG audio', 'MPEG video']);
  });

  test('two senders that take turns with tables of their own on one PID are one mixed program', () => {
    const watch = new Watch();
    const shared = entry(0x100, 0x03);
    for (let i = 0; i < 6; i++) {
      watch.feed(tables(video), pes(0x100, mpegPicture(640, 360), {pts: 1 + i, counter: 5 * i}), tables(shared), pes(0x100, mp2, {id: 0xc0, pts: 70 + i, counter: 9 * i}));
    }
    expect(watch.programs.at(-1)).toBe('MPEG-1 video 640x360, MP2 audio (mixed)');
    const kinds = new Set(watch.units.slice(-4).map(u => u.stream.kind));
    expect(kinds).toEqual(new Set(['video', 'audio']));
    expect(watch.gaps).toBe(0);

    for (let i = 0; i < 2100; i++) watch.feed(pes(0x100, mpegPredicted, {counter: i}));
    watch.feed(tables(video));
    expect(watch.programs.at(-1)).toBe('MPEG-1 video 640x360');
  });

  test('without tables the streams are told by what they are, after a while', () => {
    const watch = new Watch();
    for (let i = 0; i < 300; i++) watch.feed(pes(0x44, mpegPicture(640, 360), {counter: i}), pes(0x45, mp2, {id: 0xc0, counter: i}));
    expect(watch.programs.at(-1)!.split(', ').sort()).toEqual(['MP2 audio', 'MPEG-1 video 640x360']);
  });

  test('random packets never throw', () => {
    let seed = 1;
    const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 16;
    const watch = new Watch().feed(tables(video, sound));
    for (let round = 0; round < 3000; round++) {
      const packet = Uint8Array.from({length: 188}, () => random() & 0xff);
      packet[0] = 0x47;
      if (round % 3 === 0) packet.set([0x41, 0x00, 0x10, 0, 0, 1, 0xe0], 1);
      expect(() => watch.feed(packet)).not.toThrow();
    }
  });
});
