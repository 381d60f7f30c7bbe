// Plays H.264, H.265 and their sound with mpegts.js through Media Source Extensions. mpegts.js gets its packets
// from us, not from a socket of its own: only those of the streams that it shall play, behind tables that announce
// just them, beginning with a key frame. When anything goes wrong the page makes a new player.

import Mpegts from 'mpegts.js';

import type {Stream} from '../ts/demuxer';
import {join, packetBytes} from '../ts/packets';
import {writeTables} from '../ts/tables';
import {keepUp, Reserve} from './live_edge';
import type {Player, PlayerEvents, PlayerFigures, Sound} from './player';

// mpegts.js looks at the first three packets before it believes; the tables are two.
const firstBytesMin = 4 * packetBytes;
const controlMilliseconds = 200;
// Buffered ahead, yet the picture stands: after this long the player is given up.
const standstillSeconds = 4;

Mpegts.LoggingControl.enableAll = false;

type DataArrival = (chunk: ArrayBuffer, byteStart: number, receivedLength?: number) => void;

/** A loader for mpegts.js that passes on what `push` is given. */
class Feed {
  private loader: {onDataArrival: DataArrival; _status: number} | null = null;
  private waiting: Uint8Array = new Uint8Array(0);
  private sent = 0;

  readonly Loader = (() => {
    const feed = this;
    return class extends Mpegts.BaseLoader {
      constructor() {
        super('crosspoint-feed');
      }
      open(): void {
        this._status = Mpegts.LoaderStatus.kBuffering;
        feed.loader = this;
        queueMicrotask(() => feed.flush());
      }
      abort(): void {
        this._status = Mpegts.LoaderStatus.kComplete;
        feed.loader = null;
      }
    };
  })();

  push(bytes: Uint8Array): void {
    this.waiting = join(this.waiting, bytes);
    this.flush();
  }

  private flush(): void {
    if (!this.loader?.onDataArrival || this.waiting.length === 0) return;
    if (this.sent === 0 && this.waiting.length < firstBytesMin) return;
    const chunk = this.waiting.slice().buffer as ArrayBuffer;
    this.waiting = new Uint8Array(0);
    const start = this.sent;
    this.sent += chunk.byteLength;
    this.loader.onDataArrival(chunk, start, this.sent);
  }
}

export class MsePlayer implements Player {
  readonly element: HTMLVideoElement;
  private readonly feed = new Feed();
  private readonly reserve = new Reserve();
  private readonly pids: Set<number>;
  private player: Mpegts.Player | null;
  private hasStarted = false;
  private timer: number;
  private movedAt = performance.now() / 1000;
  private lastPosition = -1;
  private wanted: Sound = {muted: true, volume: 1};

  constructor(video: Stream | null, audio: Stream | null, private readonly events: PlayerEvents) {
    const streams = [video, audio].filter((s): s is Stream => s !== null);
    this.pids = new Set(streams.map(s => s.table.pid));
    this.element = document.createElement('video');
    this.element.playsInline = true;
    this.element.autoplay = true;
    this.element.muted = true;
    this.element.disablePictureInPicture = false;
    this.element.addEventListener('loadeddata', this.onPlaying);
    this.element.addEventListener('playing', this.onPlaying);
    this.element.addEventListener('waiting', this.onWaiting);
    this.element.addEventListener('error', this.onElementError);
    this.player = Mpegts.createPlayer(
      {type: 'mpegts', isLive: true, url: 'feed:', hasVideo: video !== null, hasAudio: audio !== null},
      {
        isLive: true,
        enableWorker: false,
        enableStashBuffer: false,
        lazyLoad: false,
        deferLoadAfterSourceOpen: false,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: 30,
        autoCleanupMinBackwardDuration: 10,
        customLoader: this.feed.Loader as unknown as Mpegts.CustomLoaderConstructor,
      });
    this.player.on(Mpegts.Events.ERROR, this.onError);
    this.player.attachMediaElement(this.element);
    this.player.load();
    this.feed.push(writeTables(streams.map(s => s.table)));
    this.timer = window.setInterval(this.control, controlMilliseconds);
  }

  packets(bytes: Uint8Array): void {
    const mine = selectPids(bytes, this.pids);
    if (mine.length > 0) this.feed.push(mine);
  }

  unit(): void {}
  interrupted(): void {}

  setSound(sound: Sound): void {
    this.wanted = sound;
    this.element.volume = sound.volume;
    if (this.element.muted === sound.muted) return;
    this.element.muted = sound.muted;
    if (!sound.muted) this.play();
  }

  setHidden(hidden: boolean): void {
    if (!hidden) {
      this.movedAt = performance.now() / 1000;
      this.play();
      this.control();
    }
  }

  figures(): PlayerFigures {
    const {videoWidth, videoHeight} = this.element;
    const quality = this.element.getVideoPlaybackQuality?.();
    const dropped = quality?.droppedVideoFrames ?? 0;
    const shown = (quality?.totalVideoFrames ?? 0) - dropped;
    return {width: videoWidth, height: videoHeight, shown, dropped, bufferedSeconds: this.ahead()};
  }

  destroy(): void {
    clearInterval(this.timer);
    const player = this.player;
    this.player = null;
    for (const [name, listener] of [
      ['loadeddata', this.onPlaying], ['playing', this.onPlaying], ['waiting', this.onWaiting],
      ['error', this.onElementError]] as const) {
      this.element.removeEventListener(name, listener);
    }
    player?.destroy();
    this.element.remove();
  }

  private ranges(): [number, number][] {
    const {buffered} = this.element;
    return Array.from({length: buffered.length}, (_, i) => [buffered.start(i), buffered.end(i)]);
  }

  private ahead(): number {
    const last = this.ranges().pop();
    return last ? Math.max(0, last[1] - this.element.currentTime) : 0;
  }

  private readonly control = () => {
    const now = performance.now() / 1000;
    this.reserve.tick(now);
    const {currentTime: position, playbackRate: rate} = this.element;
    const ranges = this.ranges();
    if (ranges.length === 0) return;
    if (this.element.paused && !document.hidden) this.play();
    const move = keepUp({position, rate, ranges, target: this.reserve.target});
    if (move.rate !== rate) this.element.playbackRate = move.rate;
    if (move.seekTo !== null && !this.element.seeking) this.element.currentTime = move.seekTo;
    if (position !== this.lastPosition || document.hidden || this.ahead() < 0.5) this.movedAt = now;
    this.lastPosition = position;
    if (now - this.movedAt > standstillSeconds) this.fail('the picture stood still', false);
  };

  private play(): void {
    const element = this.element;
    element.play()?.catch((error: Error) => {
      if (error.name !== 'NotAllowedError' || element.muted) return;
      // The browser wants a click first: go on in silence, and say so.
      element.muted = true;
      this.events.soundBlocked();
      element.play()?.catch(() => {});
    });
  }

  private readonly onPlaying = () => {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.setSound(this.wanted);
    this.play();
    this.events.started();
  };

  private readonly onWaiting = () => {
    if (this.hasStarted && !document.hidden) this.reserve.ranDry(performance.now() / 1000);
  };

  private readonly onElementError = () => {
    const error = this.element.error;
    this.fail(error?.message || 'the browser could not decode it', error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED);
  };

  private readonly onError = (type: string, detail: string, info?: {msg?: string}) => {
    const lasting = detail === Mpegts.ErrorDetails.MEDIA_CODEC_UNSUPPORTED ||
      detail === Mpegts.ErrorDetails.MEDIA_FORMAT_UNSUPPORTED ||
      (detail === Mpegts.ErrorDetails.MEDIA_MSE_ERROR && !this.hasStarted);
    this.fail(info?.msg || `${type}: ${detail}`, lasting);
  };

  private fail(reason: string, lasting: boolean): void {
    if (this.player) this.events.failed(reason, lasting);
  }
}

/** The packets of these PIDs, in order. */
export function selectPids(packets: Uint8Array, pids: Set<number>): Uint8Array {
  const out = new Uint8Array(packets.length);
  let bytes = 0;
  for (let at = 0; at < packets.length; at += packetBytes) {
    if (!pids.has(((packets[at + 1] & 0x1f) << 8) | packets[at + 2])) continue;
    out.set(packets.subarray(at, at + packetBytes), bytes);
    bytes += packetBytes;
  }
  return out.subarray(0, bytes);
}
