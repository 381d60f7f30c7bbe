// Plays MPEG-1 video and MP2 audio with jsmpeg's decoders and renderers. When to decode and what to leave out is
// decided here: pictures wait, still compressed, until their moment, so that the delay is known and bounded, and
// a tab that was hidden continues with the newest key frame instead of working off what it missed.

import JSMpeg from '@cycjimmy/jsmpeg-player';

import type {Unit} from '../ts/demuxer';
import {AudioSink} from './audio_sink';
import {PlayoutClock} from './clock';
import type {Player, PlayerEvents, PlayerFigures, Sound} from './player';

type VideoDecoder = InstanceType<typeof JSMpeg.Decoder.MPEG1VideoWASM>;
type AudioDecoder = InstanceType<typeof JSMpeg.Decoder.MP2AudioWASM>;
type Wasm = ReturnType<typeof JSMpeg.WASMModule.GetModule>;

const pictureBytesMax = 4 * 1024 * 1024;  // the decoder's buffer; a larger picture would overrun it
const queueSecondsMax = 2;
const queueUnitsMax = 600;
const decodeMillisecondsMax = 12;         // of each screen refresh
const waitForKeySecondsMax = 3;

const now = () => performance.now() / 1000;

interface Picture {
  pts: number | null;
  key: boolean;
  payload: Uint8Array;
}

/** A WebAssembly module of our own, with its memory; undefined where the browser or the page's policy has none. */
async function loadWasm(): Promise<Wasm | undefined> {
  if (!JSMpeg.WASMModule.IsSupported()) return undefined;
  const bytes = JSMpeg.Base64ToArrayBuffer(JSMpeg.WASM_BINARY_INLINED);
  try {
    await WebAssembly.compile(bytes);
  } catch {
    return undefined;  // jsmpeg's own loader would wait for ever
  }
  const module = new (JSMpeg.WASMModule as unknown as new () => Wasm)();
  return new Promise(resolve => module.loadFromBuffer(bytes, loaded => resolve(loaded ?? undefined)));
}

export class Mpeg1Player implements Player {
  readonly element: HTMLElement;
  private readonly queue: Picture[] = [];
  private readonly videoClock = new PlayoutClock(0.2);
  private readonly audioClock = new PlayoutClock(0.5);  // a gap is heard more easily than seen
  private readonly sink: AudioSink;
  private readonly screen: {resize(w: number, h: number): void; render: RenderFunction; destroy(): void} | null;
  private wasm: Wasm | undefined;
  private ready = false;
  private video: VideoDecoder | null = null;
  private audio: AudioDecoder | null = null;
  private waitsForKeySince: number | null = 0;
  private width = 0;
  private height = 0;
  private shown = 0;
  private dropped = 0;
  private showing = true;
  private lastShownPts: number | null = null;
  private newestPts: number | null = null;
  private hidden = document.hidden;
  private hasStarted = false;
  private frame = 0;
  private dead = false;

  constructor(private readonly hasPicture: boolean, private readonly events: PlayerEvents) {
    const canvas = document.createElement('canvas');
    this.element = canvas;
    this.sink = new AudioSink({blocked: () => events.soundBlocked()});
    this.screen = hasPicture ? this.openScreen(canvas) : null;
    void loadWasm().then(wasm => {
      if (this.dead) return;
      this.wasm = wasm;
      this.ready = true;
      this.frame = requestAnimationFrame(this.refresh);
    });
  }

  packets(): void {}

  unit(unit: Unit): void {
    if (unit.stream.kind === 'video' && this.hasPicture) this.takePicture(unit);
    else if (unit.stream.kind === 'audio') this.takeSound(unit);
  }

  interrupted(): void {
    this.queue.length = 0;
    this.waitsForKeySince = now();
    this.videoClock.reset();
    this.audioClock.reset();
    this.newestPts = this.lastShownPts = null;
    this.audio?.destroy();
    this.audio = null;
  }

  setSound(sound: Sound): void {
    this.sink.setVolume(sound.muted ? 0 : sound.volume);
  }

  setHidden(hidden: boolean): void {
    this.hidden = hidden;
  }

  figures(): PlayerFigures {
    const behind = this.newestPts !== null && this.lastShownPts !== null ? this.newestPts - this.lastShownPts : 0;
    const bufferedSeconds = this.hasPicture ? Math.max(0, behind) : this.sink.enqueuedTime;
    return {width: this.width, height: this.height, shown: this.shown, dropped: this.dropped, bufferedSeconds};
  }

  destroy(): void {
    this.dead = true;
    cancelAnimationFrame(this.frame);
    this.queue.length = 0;
    this.video?.destroy();
    this.audio?.destroy();
    this.screen?.destroy();
    this.sink.destroy();
    this.element.remove();
  }

  // --- pictures

  private openScreen(canvas: HTMLCanvasElement) {
    const {WebGL, Canvas2D} = JSMpeg.Renderer;
    const Screen = WebGL.IsSupported() ? WebGL : Canvas2D;
    const screen = new Screen({canvas, preserveDrawingBuffer: true});
    return {
      resize: (width: number, height: number) => {
        this.width = width;
        this.height = height;
        screen.resize(width, height);
      },
      render: ((y, cr, cb, clamped) => {
        if (this.showing) screen.render(y, cr, cb, clamped);
      }) as RenderFunction,
      destroy: () => screen.destroy(),
    };
  }

  private takePicture({pts, key, payload}: Unit): void {
    if (this.waitsForKeySince !== null) {
      // After a loss, a source that marks no key frames gets its picture back too, if a smeared one.
      const patient = this.video === null || now() - this.waitsForKeySince < waitForKeySecondsMax;
      if (!key && patient) return;
      this.waitsForKeySince = null;
    }
    if (payload.length > pictureBytesMax - 1024) {
      this.dropped++;
      this.waitsForKeySince = now();
      return;
    }
    if (key && (this.hidden || this.isOverfull())) this.dropQueue();
    if (pts !== null) {
      this.videoClock.arrived(pts, now());
      this.newestPts = pts;
    }
    this.queue.push({pts, key, payload});
    if (this.queue.length > queueUnitsMax) {
      this.dropQueue();
      this.waitsForKeySince = now();
    }
  }

  private isOverfull(): boolean {
    const oldest = this.queue.find(p => p.pts !== null)?.pts;
    return oldest != null && this.newestPts !== null && this.newestPts - oldest > queueSecondsMax;
  }

  private dropQueue(): void {
    if (this.hasStarted) this.dropped += this.queue.length;
    this.queue.length = 0;
  }

  private readonly refresh = () => {
    this.frame = requestAnimationFrame(this.refresh);
    const began = performance.now();
    const moment = began / 1000 + 0.004;  // nearer to this refresh than to the next
    const isDue = (p?: Picture) => p !== undefined && (p.pts === null || this.videoClock.due(p.pts) <= moment);
    while (isDue(this.queue[0]) && performance.now() - began < decodeMillisecondsMax) {
      const picture = this.queue.shift()!;
      this.showing = !isDue(this.queue[0]);  // the eye sees only the last one of this refresh
      this.decode(picture);
    }
  };

  private decode(picture: Picture): void {
    try {
      this.video ??= this.openVideo();
      this.video.write(picture.pts ?? 0, [picture.payload]);
      let decoded = 0;
      while (this.video.decode()) decoded++;
      if (decoded === 0) return;
    } catch (error) {
      return this.fail(error);
    }
    this.lastShownPts = picture.pts ?? this.lastShownPts;
    if (this.showing) {
      this.shown++;
      this.start();
    } else if (this.hasStarted) {
      this.dropped++;  // the catching up at the beginning leaves out nothing that anybody could have seen
    }
  }

  private openVideo(): VideoDecoder {
    const Decoder = this.wasm ? JSMpeg.Decoder.MPEG1VideoWASM : JSMpeg.Decoder.MPEG1Video;
    const decoder = new Decoder({
      streaming: true, wasmModule: this.wasm, videoBufferSize: pictureBytesMax, decodeFirstFrame: false});
    decoder.connect(this.screen!);
    return decoder;
  }

  // --- sound

  private takeSound({pts, payload}: Unit): void {
    const moment = now();
    if (pts !== null) this.audioClock.arrived(pts, moment);
    if (!this.hasPicture) this.start();
    if (!this.ready || !this.sink.audible) return;
    try {
      this.audio ??= this.openAudio();
      this.sink.expect(pts === null ? null : this.soundDue(pts) - moment);
      this.audio.write(pts ?? 0, [payload]);
      while (this.audio.decode()) { /* all of it */ }
    } catch (error) {
      this.fail(error);
    }
  }

  /** Sound follows the picture's clock, unless picture and sound come from encoders with unrelated clocks. */
  private soundDue(pts: number): number {
    const own = this.audioClock.due(pts);
    if (!this.hasPicture || this.newestPts === null) return own;
    const withPicture = this.videoClock.due(pts);
    return Math.abs(withPicture - own) < 1 ? Math.max(own, withPicture) : own;
  }

  private openAudio(): AudioDecoder {
    const Decoder = this.wasm ? JSMpeg.Decoder.MP2AudioWASM : JSMpeg.Decoder.MP2Audio;
    const decoder = new Decoder({streaming: true, wasmModule: this.wasm});
    decoder.connect(this.sink);
    return decoder;
  }

  private start(): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.events.started();
  }

  private fail(error: unknown): void {
    if (this.dead) return;
    this.events.failed(`the MPEG-1 decoder stopped: ${error instanceof Error ? error.message : error}`, false);
  }
}

type RenderFunction = (y: Uint8Array, cr: Uint8Array, cb: Uint8Array, clamped: boolean) => void;
