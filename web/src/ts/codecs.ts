// Names for what an elementary stream carries, and the little that must be read from its own bytes: MPEG-1 or
// MPEG-2, the size of the picture, the layer and rate of MPEG audio, whether a picture can be started from.

import type {TableStream} from './tables';

export type Codec =
  | 'mpeg-video'  // MPEG-1 or MPEG-2: the tables do not say which (ffmpeg writes 0x02 for both)
  | 'mpeg1'
  | 'mpeg2'
  | 'h264'
  | 'hevc'
  | 'vvc'
  | 'av1'
  | 'mpeg-audio'  // one of the three layers: its header says which
  | 'mp1'
  | 'mp2'
  | 'mp3'
  | 'aac'
  | 'aac-latm'
  | 'ac3'
  | 'eac3'
  | 'opus'
  | 'other';

export type Kind = 'video' | 'audio' | 'other';

const videoCodecs: Codec[] = ['mpeg-video', 'mpeg1', 'mpeg2', 'h264', 'hevc', 'vvc', 'av1'];

const names: Record<Codec, string> = {
  'mpeg-video': 'MPEG video',
  mpeg1: 'MPEG-1 video',
  mpeg2: 'MPEG-2 video',
  h264: 'H.264',
  hevc: 'H.265 (HEVC)',
  vvc: 'H.266 (VVC)',
  av1: 'AV1',
  'mpeg-audio': 'MPEG audio',
  mp1: 'MP1 audio',
  mp2: 'MP2 audio',
  mp3: 'MP3 audio',
  aac: 'AAC',
  'aac-latm': 'AAC (LATM)',
  ac3: 'AC-3',
  eac3: 'E-AC-3',
  opus: 'Opus',
  other: 'other data',
};

export const codecName = (codec: Codec): string => names[codec];

export function kindOf(codec: Codec): Kind {
  if (codec === 'other') return 'other';
  return videoCodecs.includes(codec) ? 'video' : 'audio';
}

const codecOfType: Record<number, Codec> = {
  0x01: 'mpeg-video',
  0x02: 'mpeg-video',
  0x03: 'mpeg-audio',
  0x04: 'mpeg-audio',
  0x0f: 'aac',
  0x11: 'aac-latm',
  0x1b: 'h264',
  0x24: 'hevc',
  0x33: 'vvc',
  0x81: 'ac3',
  0x87: 'eac3',
};

const codecOfFormat: Record<string, Codec> = {
  Opus: 'opus',
  AV01: 'av1',
  'AC-3': 'ac3',
  EAC3: 'eac3',
  HEVC: 'hevc',
};

export function codecOf(stream: TableStream): Codec {
  if (stream.streamType === 0x06) return codecOfFormat[stream.format] ?? 'other';
  return codecOfType[stream.streamType] ?? 'other';
}

export interface Sequence {
  codec: 'mpeg1' | 'mpeg2';
  width: number;
  height: number;
  framesPerSecond: number;
}

const frameRates = [0, 24000 / 1001, 24, 25, 30000 / 1001, 30, 50, 60000 / 1001, 60];

/**
 * The sequence header in an elementary stream of MPEG video (ISO/IEC 11172-2, 2.4.2.3); null if there is none or
 * if it is cut. An extension start code (B5) after it means MPEG-2 (ISO/IEC 13818-2, 6.2.2).
 */
export function parseSequence(bytes: Uint8Array): Sequence | null {
  const at = findStartCode(bytes, 0, code => code === 0xb3);
  if (at < 0 || at + 12 > bytes.length) return null;
  const next = findStartCode(bytes, at + 4, () => true);
  if (next < 0) return null;
  return {
    codec: bytes[next + 3] === 0xb5 ? 'mpeg2' : 'mpeg1',
    width: (bytes[at + 4] << 4) | (bytes[at + 5] >> 4),
    height: ((bytes[at + 5] & 0x0f) << 8) | bytes[at + 6],
    framesPerSecond: frameRates[bytes[at + 7] & 0x0f] ?? 0,
  };
}

/** Where `00 00 01 code` begins, for the first code that is wanted; -1 if there is none. */
export function findStartCode(bytes: Uint8Array, from: number, wanted: (code: number) => boolean): number {
  for (let at = from; at + 3 < bytes.length; at++) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1 && wanted(bytes[at + 3])) return at;
  }
  return -1;
}

/**
 * Do these first bytes of a picture say that decoding can begin with it? Parameter sets count as well: encoders
 * repeat them before key frames, and the slice itself often begins in a later packet.
 */
export function looksLikeKeyFrame(codec: Codec, bytes: Uint8Array): boolean {
  switch (codec) {
    case 'mpeg-video':
    case 'mpeg1':
    case 'mpeg2':
      return findStartCode(bytes, 0, code => code === 0xb3) >= 0;
    case 'h264':
      return findStartCode(bytes, 0, code => [5, 7].includes(code & 0x1f) && (code & 0x80) === 0) >= 0;
    case 'hevc':
      return findStartCode(bytes, 0, code => {
        const type = (code >> 1) & 0x3f;
        return (type >= 16 && type <= 21) || (type >= 32 && type <= 34);
      }) >= 0;
    default:
      return false;
  }
}

export interface AudioHeader {
  codec: 'mp1' | 'mp2' | 'mp3';
  sampleRate: number;
  channels: 1 | 2;
}

const sampleRates = [44100, 48000, 32000];

/** The first header of MPEG audio in `bytes` (ISO/IEC 11172-3, 2.4.1.3, and its extensions to low rates). */
export function parseAudioHeader(bytes: Uint8Array): AudioHeader | null {
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) continue;
    const version = (bytes[at + 1] >> 3) & 3;  // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
    const layer = (bytes[at + 1] >> 1) & 3;    // 3: I, 2: II, 1: III
    const rateIndex = (bytes[at + 2] >> 2) & 3;
    const bitRateIndex = bytes[at + 2] >> 4;
    if (version === 1 || layer === 0 || rateIndex === 3 || bitRateIndex === 15) continue;
    return {
      codec: layer === 3 ? 'mp1' : layer === 2 ? 'mp2' : 'mp3',
      sampleRate: sampleRates[rateIndex] / (version === 3 ? 1 : version === 2 ? 2 : 4),
      channels: bytes[at + 3] >> 6 === 3 ? 1 : 2,
    };
  }
  return null;
}
