// One topic on one page: the connection, what it turned out to carry, and the player for it. The page asks for a
// snapshot a few times a second and draws that; nothing here knows how.

import type {Keyholder, Renewal} from '../access/admission';
import type {Refusal} from '../access/refusal';
import {closingWords, sentencesFor} from '../access/sentences';
import type {Credential} from '../access/token';
import {Connection, type Dialer, type Ending, type Verdict} from '../net/connection';
import {type Plan, planFor} from '../players/plan';
import type {Sound} from '../players/player';
import {browserCapabilities} from '../players/support';
import {codecName} from '../ts/codecs';
import {Demuxer, type Program, type Stream, type Unit, type UnitStart} from '../ts/demuxer';
import {PacketCutter} from '../ts/packets';
import {DataLog} from './data_log';
import {Lateness, Rate} from './meter';
import {Stage} from './stage';
import {type State, Health} from './state';

export interface Figures {
  state: State;
  mode: 'unknown' | 'stream' | 'data';
  width: number;
  height: number;
  framesPerSecond: number;
  bitsPerSecond: number;
  messagesPerSecond: number;
  delaySeconds: number | null;
  dropped: number;
  codecs: string[];
  notes: string[];
  soundOnly: boolean;
  hasSound: boolean;
  soundBlocked: boolean;
  reconnects: number;
  log: DataLog;
}

const tickMilliseconds = 250;
const identifySeconds = 0.7;     // what has not proved to be a transport stream by then is shown as data
const soundMissingSeconds = 1.5; // announced but silent for this long: Media Source Extensions must do without
const streamGoneSeconds = 5;
const reloadSecondsMin = 60;
const reloadedKey = 'crosspoint.reloaded';

const seconds = () => performance.now() / 1000;

export class Session {
  private readonly connection: Connection;
  private readonly cutter = new PacketCutter();
  private demuxer: Demuxer;
  private readonly health = new Health();
  private readonly log = new DataLog();
  private readonly bits = new Rate();
  private readonly messages = new Rate();
  private readonly pictures = new Rate();
  private readonly lateness = new Lateness();
  private readonly browser = browserCapabilities();
  private mode: Figures['mode'] = 'unknown';
  private modeSince: number | null = null;
  private plan: Plan = {engine: 'undecided'};
  private readonly stage: Stage;
  private keyOffset: number | null = null;
  private streamAt = 0;
  // Of the picture's time stamps: the newest, and where they stood when sound last came. Time stamps, not our clock:
  // a page that could not run for a while has missed nothing.
  private picturePts: number | null = null;
  private soundSeenAtPts: number | null = null;
  private soundMissing = false;
  private strayTexts = 0;
  private blocked = false;
  private reconnects = 0;
  private refusal: Refusal | null = null;  // behind the latest ending
  private timer = 0;

  /** `door`: the topic's address, or what it takes to get one. `element` is where players put their picture. */
  constructor(private readonly door: string | Keyholder, element: HTMLElement, private sound: Sound) {
    this.demuxer = this.newDemuxer();
    this.stage = new Stage(element, sound, {
      showing: () => this.health.showing(),
      waiting: () => this.health.waitingForKey(),
      failed: () => this.replan(),
      soundBlocked: () => { this.blocked = true; },
      outdated: reloadOnce,
    });
    const dialer: Dialer = typeof door === 'string' ? async () => door : door.dial;
    this.connection = new Connection(dialer, {
      connecting: () => this.health.connecting(),
      opened: () => this.onOpen(),
      message: data => this.onMessage(data),
      ended: ending => this.judge(ending),
      closed: (retryAt, ending) => this.onClose(retryAt, ending),
    });
  }

  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility);
    this.timer = window.setInterval(() => this.tick(), tickMilliseconds);
    this.connection.start();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    clearInterval(this.timer);
    this.connection.stop();
    this.stage.clear();
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  /** A new token, or a code: on a living connection nobody is disconnected. */
  async renew(credential: Credential): Promise<Renewal | null> {
    if (typeof this.door === 'string') return null;
    const renewal = await this.door.renew(credential, this.connection.isOpen);
    if (renewal.kind === 'redial') this.connection.redial();
    else if (renewal.kind !== 'refused') this.connection.retryNow();
    return renewal;
  }

  setSound(sound: Sound): void {
    this.sound = sound;
    this.blocked = false;
    this.stage.setSound(sound);
  }

  figures(): Figures {
    const now = seconds();
    const player = this.stage.figures();
    const planned = this.plan.engine === 'mpeg1' || this.plan.engine === 'mse' ? this.plan : null;
    const streams = this.demuxer.program?.streams ?? [];
    return {
      state: this.health.state(now),
      mode: this.mode,
      width: player?.width ?? 0,
      height: player?.height ?? 0,
      framesPerSecond: this.pictures.perSecond(now),
      bitsPerSecond: this.bits.perSecond(now),
      messagesPerSecond: this.messages.perSecond(now),
      delaySeconds: player && this.health.isLive(now) ? player.bufferedSeconds + this.lateness.newest : null,
      dropped: player?.dropped ?? 0,
      codecs: [...streams.filter(s => s.kind === 'video'), ...streams.filter(s => s.kind === 'audio')].map(describe),
      notes: this.notes(planned?.notes ?? []),
      soundOnly: planned !== null && planned.video === null,
      hasSound: planned?.audio != null,
      soundBlocked: this.blocked && !this.sound.muted,
      reconnects: this.reconnects,
      log: this.log,
    };
  }

  // --- the connection

  private onOpen(): void {
    this.health.opened(seconds());
    this.cutter.reset();
    this.demuxer = this.newDemuxer();
    this.lateness.reset();
    this.stage.wait();
  }

  private judge(ending: Ending): Verdict {
    this.refusal = null;
    if (typeof this.door === 'string') return {again: true, leastSeconds: 0};
    const {refusal, verdict} = this.door.judge(ending);
    this.refusal = refusal;
    return verdict;
  }

  private onClose(retryAt: number | null, {code, reason, wasOpen}: Ending): void {
    const said = closingWords(code, reason) || (this.refusal?.kind === 'unreachable' ? sentencesFor(this.refusal, '').detail : '');
    this.health.closed(retryAt === null ? null : retryAt / 1000, said, this.refusal);
    if (wasOpen && retryAt !== null) this.reconnects++;
    this.stage.wait();
  }

  private onMessage(data: string | ArrayBuffer): void {
    const now = seconds();
    this.messages.add(1, now);
    if (typeof data === 'string') {
      this.bits.add(data.length * 8, now);
      if (this.mode === 'stream') this.strayTexts++;
      else this.showAsData(data);
      return;
    }
    this.bits.add(data.byteLength * 8, now);
    const bytes = new Uint8Array(data);
    const packets = this.cutter.feed(bytes);
    if (packets.length > 0 && this.cutter.synced) this.onPackets(packets, now);
    if (this.mode !== 'stream') this.identify(bytes, now);
  }

  /** Not known to be a stream: is it one now, or surely not, or too early to say? */
  private identify(bytes: Uint8Array, now: number): void {
    this.modeSince ??= now;
    if (this.demuxer.program) {
      this.mode = 'stream';
      this.log.clear();
    } else {
      const surelyNot = !this.cutter.synced && bytes[0] !== 0x47;
      this.log.add(bytes, new Date());
      if (surelyNot) this.mode = 'data';
      if (this.mode === 'data') this.health.data();
    }
  }

  private showAsData(text: string): void {
    this.mode = 'data';
    this.log.add(text, new Date());
    this.health.data();
  }

  private tick(): void {
    const now = seconds();
    if (this.mode === 'unknown' && this.modeSince !== null && now - this.modeSince > identifySeconds && !this.cutter.synced) {
      this.mode = 'data';
      this.health.data();
    }
    // The topic may carry something else from now on.
    if (this.mode === 'stream' && now - this.streamAt > streamGoneSeconds && this.messages.perSecond(now) > 0) {
      this.mode = 'unknown';
      this.modeSince = null;
      this.plan = {engine: 'undecided'};
      this.stage.clear();
      this.demuxer = this.newDemuxer();
    }
    this.pictures.add(this.stage.countShown(), now);
    if (this.mode === 'stream' && this.health.shouldRedial(now)) this.connection.redial();
  }

  // --- the stream

  private newDemuxer(): Demuxer {
    this.picturePts = this.soundSeenAtPts = null;
    return new Demuxer({
      program: () => this.onProgram(),
      start: start => this.onStart(start),
      unit: unit => this.onUnit(unit),
      jump: stream => this.onBreak(stream, true),
      gap: stream => this.onBreak(stream, false),
    });
  }

  private onPackets(packets: Uint8Array, now: number): void {
    this.streamAt = now;
    this.health.received(now);
    this.keyOffset = null;
    this.demuxer.feed(packets);
    this.stage.packets(packets, this.keyOffset);
  }

  private onProgram(): void {
    this.soundSeenAtPts = this.picturePts;
    this.replan();
  }

  private replan(): void {
    const program = this.demuxer.program;
    if (!program) return;
    this.plan = this.planWhatWorks(program);
    if (this.plan.engine === 'none') {
      this.stage.clear();
      this.health.unplayable(this.plan.reason);
      return;
    }
    this.health.playable();
    if (this.plan.engine !== 'undecided') this.stage.show(this.plan);
  }

  /** The plan for what really comes, less what this browser has failed at. */
  private planWhatWorks(program: Program): Plan {
    const silent = this.soundMissing && program.streams.length > 1;
    const coming = silent ? {...program, streams: program.streams.filter(s => s.kind !== 'audio')} : program;
    let plan = planFor(coming, this.browser);
    if (plan.engine === 'mse' && this.stage.refuses(plan) && plan.video && plan.audio) {
      plan = {...plan, audio: null, notes: [...plan.notes, `No sound: this browser did not take ${codecName(plan.audio.codec)}.`]};
    }
    if (!this.stage.refuses(plan)) return plan;
    return {engine: 'none', reason: `${coming.streams.map(describe).join(', ')}: this browser could not play it.`};
  }

  private onStart(start: UnitStart): void {
    const now = seconds();
    if (start.stream.kind === 'audio') this.hearSound();
    if (start.stream.kind === 'video' && start.pts !== null) this.missSound(start.pts);
    const lead = this.leadStream();
    if (start.stream !== lead) return;
    if (start.pts !== null) this.lateness.add(start.pts, now);
    if (start.key && this.keyOffset === null) this.keyOffset = start.offset;
    if (start.stream.kind === 'audio' && this.stage.figures()) this.health.showing();
  }

  private onUnit(unit: Unit): void {
    if (this.plan.engine !== 'mpeg1') return;
    const {video, audio} = this.plan;
    if (unit.stream === video || (unit.stream === audio && unit.stream.codec === 'mp2')) this.stage.unit(unit);
  }

  private onBreak(stream: Stream, jumped: boolean): void {
    if (stream !== this.leadStream()) return;
    this.picturePts = this.soundSeenAtPts = null;
    this.lateness.reset();
    if (jumped) this.stage.wait();
    else this.stage.gap();
  }

  /** The stream whose key frames and time stamps count: the picture, or the sound if there is no picture. */
  private leadStream(): Stream | null {
    if (this.plan.engine !== 'mpeg1' && this.plan.engine !== 'mse') return null;
    return this.plan.video ?? this.plan.audio;
  }

  private hearSound(): void {
    this.soundSeenAtPts = this.picturePts;
    if (this.soundMissing) this.setSoundMissing(false);
  }

  private missSound(pts: number): void {
    this.picturePts = Math.max(pts, this.picturePts ?? pts);
    this.soundSeenAtPts ??= this.picturePts;
    if (this.soundMissing || this.picturePts - this.soundSeenAtPts < soundMissingSeconds) return;
    const announced = this.demuxer.program?.streams.some(s => s.kind === 'audio') ?? false;
    if (announced) this.setSoundMissing(true);
  }

  private setSoundMissing(missing: boolean): void {
    this.soundMissing = missing;
    // jsmpeg takes sound as it comes; Media Source Extensions need a player for what really comes.
    if (this.plan.engine === 'mse') this.replan();
  }

  // --- what the page shows

  private notes(planned: string[]): string[] {
    const notes = [...planned];
    if (this.soundMissing && this.demuxer.program?.streams.some(s => s.kind === 'audio')) notes.push('The stream announces sound, but none arrives.');
    if (this.strayTexts > 0) {
      notes.push(`${this.strayTexts} text message${this.strayTexts === 1 ? '' : 's'} on this topic left out of the stream.`);
    }
    return notes;
  }

  private readonly onVisibility = () => {
    this.stage.setHidden(document.hidden);
  };
}

/** The server's pages changed under us: fetch them anew, but not again and again. */
function reloadOnce(): void {
  const last = Number(sessionStorage.getItem(reloadedKey) ?? 0);
  if (Date.now() / 1000 - last < reloadSecondsMin) return;
  sessionStorage.setItem(reloadedKey, String(Date.now() / 1000));
  location.reload();
}

function describe(stream: Stream): string {
  const name = codecName(stream.codec);
  return stream.sampleRate ? `${name} ${stream.sampleRate / 1000} kHz` : name;
}
