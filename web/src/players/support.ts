// What this browser can decode through Media Source Extensions.

import type {Codec} from '../ts/codecs';
import type {Capabilities} from './plan';

const types: Partial<Record<Codec, string>> = {
  h264: 'video/mp4; codecs="avc1.42E01E"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  av1: 'video/mp4; codecs="av01.0.04M.08"',
  aac: 'audio/mp4; codecs="mp4a.40.2"',
  'aac-latm': 'audio/mp4; codecs="mp4a.40.2"',
  mp3: 'audio/mpeg',
  ac3: 'audio/mp4; codecs="ac-3"',
  eac3: 'audio/mp4; codecs="ec-3"',
  opus: 'audio/mp4; codecs="opus"',
};

type Source = {isTypeSupported(type: string): boolean} | undefined;

/** Layers I and II of MPEG audio share the type `audio/mpeg` with layer III, yet decoders seldom do: not counted. */
export function browserCapabilities(): Capabilities {
  const source: Source =
    (globalThis as {MediaSource?: Source}).MediaSource ??
    (globalThis as {ManagedMediaSource?: Source}).ManagedMediaSource;
  return {
    mse: source !== undefined,
    decodes: codec => {
      const type = types[codec];
      return type !== undefined && source !== undefined && source.isTypeSupported(type);
    },
  };
}
