import {describe, expect, test} from 'vitest';

import {codecOf, looksLikeKeyFrame, parseAudioHeader, parseSequence} from './codecs';
import {entry, mpegPicture, mpegPredicted} from './sample';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('codecs', () => {
  test('stream types have names; private streams are told by their format', () => {
    expect([0x01, 0x02, 0x03, 0x0f, 0x1b, 0x24, 0x33, 0x81, 0x99].map(type => codecOf(entry(1, type)))).toEqual(
      ['mpeg-video', 'mpeg-video', 'mpeg-audio', 'aac', 'h264', 'hevc', 'vvc', 'ac3', 'other']);
    expect(codecOf({...entry(1, 0x06), format: 'Opus'})).toBe('opus');
    expect(codecOf(entry(1, 0x06))).toBe('other');
  });

  test('an extension after the sequence header tells MPEG-2 from MPEG-1', () => {
    expect(parseSequence(Uint8Array.from(mpegPicture(640, 360)))).toMatchObject({codec: 'mpeg1', width: 640, height: 360, framesPerSecond: 25});
    expect(parseSequence(Uint8Array.from(mpegPicture(720, 576, true)))).toMatchObject({codec: 'mpeg2', width: 720, height: 576});
  });

  test('a sequence header that is cut says nothing', () => {
    const header = Uint8Array.from(mpegPicture(640, 360));
    for (let end = 0; end < 16; end++) expect(parseSequence(header.subarray(0, end))).toBeNull();
    expect(parseSequence(Uint8Array.from(mpegPredicted))).toBeNull();
  });

  test('key frames are told by what stands at their beginning', () => {
    expect(looksLikeKeyFrame('mpeg1', Uint8Array.from(mpegPicture(16, 16)))).toBe(true);
    expect(looksLikeKeyFrame('mpeg1', Uint8Array.from(mpegPredicted))).toBe(false);
    expect(looksLikeKeyFrame('h264', bytes(0, 0, 0, 1, 0x09, 0xf0, 0, 0, 0, 1, 0x67, 0x42))).toBe(true);
    expect(looksLikeKeyFrame('h264', bytes(0, 0, 1, 0x65, 0x88))).toBe(true);
    expect(looksLikeKeyFrame('h264', bytes(0, 0, 0, 1, 0x09, 0xf0, 0, 0, 1, 0x41, 0x9a))).toBe(false);
    expect(looksLikeKeyFrame('hevc', bytes(0, 0, 1, 0x40, 0x01))).toBe(true);   // VPS
    expect(looksLikeKeyFrame('hevc', bytes(0, 0, 1, 0x26, 0x01))).toBe(true);   // IDR
    expect(looksLikeKeyFrame('hevc', bytes(0, 0, 1, 0x02, 0x01))).toBe(false);  // trailing picture
    expect(looksLikeKeyFrame('aac', bytes(0, 0, 1, 0xb3))).toBe(false);
  });

  test('audio headers say layer, rate and channels', () => {
    expect(parseAudioHeader(bytes(0xff, 0xfd, 0x80, 0xc4))).toEqual({codec: 'mp2', sampleRate: 44100, channels: 1});
    expect(parseAudioHeader(bytes(0, 0xff, 0xfb, 0x90, 0x64))).toEqual({codec: 'mp3', sampleRate: 44100, channels: 2});
    expect(parseAudioHeader(bytes(0xff, 0xff, 0x14, 0))).toEqual({codec: 'mp1', sampleRate: 48000, channels: 2});
    expect(parseAudioHeader(bytes(0xff, 0xf5, 0x40, 0))).toEqual({codec: 'mp2', sampleRate: 22050, channels: 2});
    for (const none of [[], [0xff], [0xff, 0xfd, 0xf0, 0], [0xff, 0xf9, 0x8c, 0], [0xff, 0xf1, 0x50, 0x80], [0xff, 0xed, 0x80, 0]]) {
      expect(parseAudioHeader(bytes(...none))).toBeNull();
    }
  });
});
