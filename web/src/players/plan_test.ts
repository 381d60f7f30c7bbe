import {describe, expect, test} from 'vitest';

import {type Codec, kindOf} from '../ts/codecs';
import type {Program, Stream} from '../ts/demuxer';
import {entry} from '../ts/sample';
import {type Capabilities, planFor, signatureOf} from './plan';

const able: Capabilities = {mse: true, decodes: codec => ['h264', 'aac', 'mp3'].includes(codec)};
const stream = (codec: Codec, more: Partial<Stream> = {}): Stream => ({kind: kindOf(codec), codec, table: entry(0x100, 0), ...more});
const program = (...streams: Stream[]): Program => ({streams, mixed: false});
const mp2 = stream('mp2', {sampleRate: 44100});

describe('planFor', () => {
  test('MPEG-1 with MP2 goes to jsmpeg, H.264 with AAC to mpegts.js', () => {
    expect(planFor(program(stream('mpeg1'), mp2), able)).toMatchObject({engine: 'mpeg1', notes: []});
    expect(planFor(program(stream('h264'), stream('aac')), able)).toMatchObject({engine: 'mse', notes: []});
  });

  test('sound alone is played too', () => {
    expect(planFor(program(mp2), able)).toMatchObject({engine: 'mpeg1', video: null});
    expect(planFor(program(stream('aac')), able)).toMatchObject({engine: 'mse', video: null});
  });

  test('while the first picture has not told MPEG-1 from MPEG-2, nothing is decided', () => {
    expect(planFor(program(stream('mpeg-video'), mp2), able)).toEqual({engine: 'undecided'});
    expect(planFor(program(stream('mpeg-audio')), able)).toEqual({engine: 'undecided'});
  });

  test('what cannot be played is named with its reason', () => {
    const reason = (p: Program, browser = able) => {
      const plan = planFor(p, browser);
      return plan.engine === 'none' ? plan.reason : plan.engine;
    };
    expect(reason(program(stream('mpeg2')))).toMatch(/^MPEG-2 video/);
    expect(reason(program(stream('hevc')))).toMatch(/HEVC\) is not supported by this browser/);
    expect(reason(program(stream('vvc')))).toMatch(/H\.266.*no player/);
    expect(reason(program(stream('h264')), {...able, mse: false})).toMatch(/lacks Media Source Extensions/);
    expect(reason(program(stream('ac3')))).toMatch(/AC-3 is not supported/);
    expect(reason(program(stream('other')))).toMatch(/neither picture nor sound/);
    expect(reason(program())).toMatch(/neither picture nor sound/);
    expect(reason({...program(stream('h264')), mixed: true})).toMatch(/Several senders/);
  });

  test('sound that the player cannot play is left out and said so', () => {
    const notes = (...streams: Stream[]) => {
      const plan = planFor(program(...streams), able);
      return plan.engine === 'mpeg1' || plan.engine === 'mse' ? {silent: plan.audio === null, notes: plan.notes.join()} : null;
    };
    expect(notes(stream('mpeg1'), stream('mp3'))).toMatchObject({silent: true, notes: expect.stringMatching(/MP3.*use MP2/)});
    expect(notes(stream('mpeg1'), stream('aac'))).toMatchObject({silent: true, notes: expect.stringMatching(/AAC/)});
    expect(notes(stream('mpeg1'), stream('mp2', {sampleRate: 22050}))).toMatchObject({silent: true, notes: expect.stringMatching(/22050 Hz/)});
    expect(notes(stream('h264'), stream('mp2'))).toMatchObject({silent: true, notes: expect.stringMatching(/MP2 audio is not supported/)});
    expect(notes(stream('h264'))).toMatchObject({silent: true, notes: ''});
  });

  test('MPEG-1 plays from mixed senders as well', () => {
    expect(planFor({...program(stream('mpeg1'), mp2), mixed: true}, able)).toMatchObject({engine: 'mpeg1'});
  });
});

describe('signatureOf', () => {
  const sign = (...streams: Stream[]) => signatureOf(planFor(program(...streams), able));

  test('a muted MPEG-1 stream keeps its player, another size does not', () => {
    const small = {width: 320, height: 240};
    expect(sign(stream('mpeg1', small), mp2)).toBe(sign(stream('mpeg1', small)));
    expect(sign(stream('mpeg1', small))).not.toBe(sign(stream('mpeg1', {width: 640, height: 480})));
  });

  test('a muted H.264 stream needs another player', () => {
    expect(sign(stream('h264'), stream('aac'))).not.toBe(sign(stream('h264')));
  });
});
