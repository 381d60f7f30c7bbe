// Which player can play a program here, and if none can, why. Pure: what the browser can do is an argument.

import {type Codec, codecName} from '../ts/codecs';
import type {Program, Stream} from '../ts/demuxer';

export interface Capabilities {
  /** Media Source Extensions with live transport streams at all. */
  mse: boolean;
  /** Can the browser decode this inside MP4 or MPEG audio through Media Source Extensions? */
  decodes(codec: Codec): boolean;
}

export type Plan =
  | {engine: 'none'; reason: string}
  | {engine: 'undecided'}  // the stream's first picture will tell
  | {engine: 'mpeg1' | 'mse'; video: Stream | null; audio: Stream | null; notes: string[]};

const mseVideo: Codec[] = ['h264', 'hevc', 'av1'];
const mseAudio: Codec[] = ['aac', 'aac-latm', 'mp3', 'mp2', 'mp1', 'ac3', 'eac3', 'opus'];
const mp2Rates = [32000, 44100, 48000];

export function planFor(program: Program, browser: Capabilities): Plan {
  const videos = program.streams.filter(s => s.kind === 'video');
  const audios = program.streams.filter(s => s.kind === 'audio');
  const video = videos[0] ?? null;
  const audio = audios[0] ?? null;
  if (!video && !audio) return {engine: 'none', reason: 'The stream carries neither picture nor sound.'};
  if (video?.codec === 'mpeg-video' || (!video && audio?.codec === 'mpeg-audio')) return {engine: 'undecided'};
  if (video) return planWithPicture(video, audio, program, browser);
  return planSoundOnly(audio!, browser);
}

function planWithPicture(video: Stream, audio: Stream | null, program: Program, browser: Capabilities): Plan {
  const name = codecName(video.codec);
  if (video.codec === 'mpeg1') {
    const problem = audio && mp2Problem(audio);
    return {engine: 'mpeg1', video, audio: problem ? null : audio, notes: problem ? [problem] : []};
  }
  if (video.codec === 'mpeg2') {
    return {engine: 'none', reason: 'MPEG-2 video: no browser plays it. Encode MPEG-1 (ffmpeg: mpeg1video) or H.264 (libx264) instead.'};
  }
  if (!mseVideo.includes(video.codec)) return {engine: 'none', reason: `${name}: this page has no player for it.`};
  if (!browser.mse) return {engine: 'none', reason: `${name}: this browser lacks Media Source Extensions.`};
  if (!browser.decodes(video.codec)) return {engine: 'none', reason: `${name} is not supported by this browser.`};
  if (program.mixed) {
    return {engine: 'none', reason: `Several senders share this topic, each with tables of its own; ${name} cannot be played that way.`};
  }
  const problem = audio && mseAudioProblem(audio, browser);
  return {engine: 'mse', video, audio: problem ? null : audio, notes: problem ? [problem] : []};
}

function planSoundOnly(audio: Stream, browser: Capabilities): Plan {
  if (audio.codec === 'mp2' && !mp2Problem(audio)) return {engine: 'mpeg1', video: null, audio, notes: []};
  const problem = browser.mse ? mseAudioProblem(audio, browser) : `${codecName(audio.codec)}: this browser lacks Media Source Extensions.`;
  return problem ? {engine: 'none', reason: problem} : {engine: 'mse', video: null, audio, notes: []};
}

/** Why the MPEG-1 player cannot sound this; null if it can, or if the first bytes have not said yet. */
function mp2Problem(audio: Stream): string | null {
  if (audio.codec === 'mpeg-audio') return null;
  if (audio.codec !== 'mp2') return `No sound: ${codecName(audio.codec)} beside MPEG-1 video cannot be played here; use MP2.`;
  if (audio.sampleRate && !mp2Rates.includes(audio.sampleRate)) {
    return `No sound: MP2 at ${audio.sampleRate} Hz cannot be played here; use 32000, 44100 or 48000 Hz.`;
  }
  return null;
}

function mseAudioProblem(audio: Stream, browser: Capabilities): string | null {
  if (audio.codec === 'mpeg-audio') return null;
  if (mseAudio.includes(audio.codec) && browser.decodes(audio.codec)) return null;
  return `No sound: ${codecName(audio.codec)} is not supported by this browser.`;
}

/** Two plans with the same signature can share one player. */
export function signatureOf(plan: Plan): string {
  if (plan.engine === 'none') return `none ${plan.reason}`;
  if (plan.engine === 'undecided') return 'undecided';
  const {video, audio} = plan;
  // The MPEG-1 player hears or misses sound as it comes; Media Source Extensions fix their tracks at the start.
  if (plan.engine === 'mpeg1') return `mpeg1 ${video ? `${video.width}x${video.height}` : 'sound only'}`;
  return `mse ${video?.table.pid}/${video?.codec} ${audio?.table.pid}/${audio?.codec === 'mpeg-audio' ? '' : audio?.codec}`;
}
