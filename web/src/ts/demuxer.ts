// Reads a transport stream without touching it: what it carries, where each picture begins, which of them can be
// started from, and when its clock jumps. Packets in, events out; no clock, no player.

import {type Codec, codecOf, kindOf, type Kind, looksLikeKeyFrame, parseAudioHeader, parseSequence} from './codecs';
import {join, packetBytes} from './packets';
import {parsePat, parsePmt, type Pmt, type TableStream} from './tables';

export interface Stream {
  kind: Kind;
  codec: Codec;
  /** As the tables announced it. */
  table: TableStream;
  width?: number;
  height?: number;
  sampleRate?: number;
  channels?: number;
}

export interface Program {
  streams: Stream[];
  /** Several senders take turns on this topic, each with tables of its own (old host agents do that). */
  mixed: boolean;
}

/** A PES packet's beginning. */
export interface UnitStart {
  stream: Stream;
  /** Seconds, unwrapped for as long as the clock runs on; null if the PES packet had none. */
  pts: number | null;
  /** Decoding can begin here. */
  key: boolean;
  /** Where its first TS packet lies in the bytes that were fed. */
  offset: number;
}

/** A whole PES packet. */
export interface Unit {
  stream: Stream;
  pts: number | null;
  key: boolean;
  payload: Uint8Array;
}

export interface DemuxerEvents {
  program(program: Program): void;
  start(start: UnitStart): void;
  unit(unit: Unit): void;
  /** The time stamps of this stream jumped: another source, or the same one started again. */
  jump(stream: Stream): void;
  /** Packets of this stream are missing. */
  gap(stream: Stream): void;
}

const unitBytesMax = 8 * 1024 * 1024;
const pidsMax = 64;
// Another table on the same PID within this many packets of the last: two senders share the topic.
const alternationPackets = 2000;
const packetsBeforeGuessing = 500;
const ptsWrap = 2 ** 33 / 90000;
const backwardsMax = 1;
const forwardsMax = 5;

interface Assembly {
  stream: Stream;
  pts: number | null;
  key: boolean;
  wanted: number;  // bytes; 0: until the next one begins
  have: number;
  parts: Uint8Array[];
}

interface Clock {
  last: number;
  turns: number;
}

export class Demuxer {
  private pmtPids = new Set<number>();
  private tables = new Map<number, {bytes: Uint8Array; wanted: number}>();
  private variants = new Map<string, {pmt: Pmt; seenAt: number}>();
  private newest = '';
  private union = '';
  private current: Program = {streams: [], mixed: false};
  private known = false;
  private tablesSeen = false;
  private assemblies = new Map<number, Assembly>();
  private counters = new Map<number, number>();
  private clocks = new Map<Stream, Clock>();
  private packets = 0;

  constructor(private readonly events: DemuxerEvents) {}

  get program(): Program | null {
    return this.known ? this.current : null;
  }

  /** Whole packets, as PacketCutter gives them. */
  feed(packets: Uint8Array): void {
    for (let offset = 0; offset + packetBytes <= packets.length; offset += packetBytes) {
      this.packets++;
      this.packet(packets.subarray(offset, offset + packetBytes), offset);
    }
  }

  private packet(packet: Uint8Array, offset: number): void {
    if (packet[1] & 0x80) return;  // the sender itself says that it is damaged
    const pid = ((packet[1] & 0x1f) << 8) | packet[2];
    const starts = (packet[1] & 0x40) !== 0;
    const control = (packet[3] >> 4) & 3;
    if (pid === 0x1fff || (control & 1) === 0) return;
    const adaptation = (control & 2) !== 0 ? packet.subarray(5, Math.min(packetBytes, 5 + packet[4])) : null;
    const payload = packet.subarray(adaptation ? 5 + adaptation.length : 4);
    if (payload.length === 0) return;
    if (pid === 0 || this.pmtPids.has(pid)) return this.table(pid, starts, payload);
    this.continuity(pid, packet[3] & 0x0f, adaptation);
    if (starts) this.begin(pid, payload, ((adaptation?.[0] ?? 0) & 0x40) !== 0, offset);
    else this.more(pid, payload, adaptation !== null && isStuffed(adaptation));
  }

  // --- tables

  private table(pid: number, starts: boolean, payload: Uint8Array): void {
    let open = this.tables.get(pid);
    if (starts) {
      const section = payload.subarray(1 + payload[0]);
      if (section.length < 3) return;
      const wanted = 3 + (((section[1] & 0x0f) << 8) | section[2]);
      open = {bytes: section, wanted};
      this.tables.set(pid, open);
    } else if (open) {
      open.bytes = join(open.bytes, payload);
    }
    if (!open || open.bytes.length < open.wanted) return;
    this.tables.delete(pid);
    if (pid === 0) this.pat(open.bytes);
    else this.pmt(pid, open.bytes);
  }

  private pat(bytes: Uint8Array): void {
    const pids = parsePat(bytes);
    if (pids) this.pmtPids = new Set(pids.slice(0, pidsMax));
  }

  private pmt(pid: number, bytes: Uint8Array): void {
    const pmt = parsePmt(bytes);
    if (!pmt) return;
    const signature = `${pid}:${pmt.version}:${pmt.streams.map(s => `${s.pid}/${codecOf(s)}`).join()}`;
    const cameBack = this.variants.has(signature) && signature !== this.newest;
    this.variants.set(signature, {pmt, seenAt: this.packets});
    for (const [name, variant] of this.variants) {
      if (this.packets - variant.seenAt > alternationPackets) this.variants.delete(name);
    }
    if (this.current.mixed || cameBack) this.adoptAll();
    else if (signature !== this.newest) this.adopt([pmt], false);
    this.newest = signature;
  }

  /** Senders take turns: what the topic carries is everything that any of them announced lately. */
  private adoptAll(): void {
    const names = [...this.variants.keys()].sort().join(' ');
    if (names === this.union) return;
    this.union = names;
    this.adopt([...this.variants.values()].map(v => v.pmt), this.variants.size > 1);
    if (this.variants.size <= 1) this.union = '';
  }

  private adopt(pmts: Pmt[], mixed: boolean): void {
    this.tablesSeen = true;
    const streams: Stream[] = [];
    for (const pmt of pmts) {
      for (const entry of pmt.streams) {
        const codec = codecOf(entry);
        const kind = kindOf(codec);
        if (streams.length >= pidsMax || streams.some(s => s.table.pid === entry.pid && s.kind === kind)) continue;
        const before = this.current.streams.find(s => s.table.pid === entry.pid && s.kind === kind);
        const same = before && before.table.streamType === entry.streamType && before.table.format === entry.format;
        streams.push(same ? before : {kind, codec, table: entry});
      }
    }
    this.announce({streams, mixed});
  }

  private announce(program: Program): void {
    this.current = program;
    this.known = true;
    for (const stream of this.clocks.keys()) if (!program.streams.includes(stream)) this.clocks.delete(stream);
    this.events.program(program);
  }

  // --- elementary streams

  private continuity(pid: number, counter: number, adaptation: Uint8Array | null): void {
    const before = this.counters.get(pid);
    if (before === undefined && this.counters.size >= pidsMax) return;
    this.counters.set(pid, counter);
    const announced = ((adaptation?.[0] ?? 0) & 0x80) !== 0;
    if (before === undefined || announced || counter === before || counter === ((before + 1) & 0x0f)) return;
    if (this.current.mixed) return;
    const stream = this.current.streams.find(s => s.table.pid === pid);
    if (stream) this.events.gap(stream);
  }

  private begin(pid: number, payload: Uint8Array, randomAccess: boolean, offset: number): void {
    this.complete(pid);
    if (payload.length < 9 || payload[0] !== 0 || payload[1] !== 0 || payload[2] !== 1) return;
    const stream = this.streamOf(pid, payload);
    if (!stream) return;
    const data = payload.subarray(9 + payload[8]);
    const packetLength = (payload[4] << 8) | payload[5];
    const pts = (payload[7] & 0x80) !== 0 && payload.length >= 14 ? this.unwrap(stream, readPts(payload)) : null;
    const key = stream.kind !== 'video' || randomAccess || looksLikeKeyFrame(stream.codec, data);
    this.events.start({stream, pts, key, offset});
    this.assemblies.set(pid, {
      stream, pts, key, have: data.length, parts: [data],
      wanted: packetLength === 0 ? 0 : Math.max(0, packetLength - 3 - payload[8]),
    });
    const open = this.assemblies.get(pid)!;
    if (open.wanted !== 0 && open.have >= open.wanted) this.complete(pid);
  }

  private more(pid: number, payload: Uint8Array, stuffed: boolean): void {
    const open = this.assemblies.get(pid);
    if (!open) return;
    open.parts.push(payload);
    open.have += payload.length;
    if (open.have > unitBytesMax) this.assemblies.delete(pid);
    // Stuffing fills the last packet of a picture: no need to wait for the next one to begin.
    else if (open.wanted !== 0 ? open.have >= open.wanted : stuffed) this.complete(pid);
  }

  private complete(pid: number): void {
    const open = this.assemblies.get(pid);
    if (!open) return;
    this.assemblies.delete(pid);
    const payload = concatenate(open.parts, open.have);
    this.refine(open.stream, payload);
    this.events.unit({stream: open.stream, pts: open.pts, key: open.key, payload});
  }

  /** Reads from the stream's own bytes what the tables leave open, and says so once it is known or changes. */
  private refine(stream: Stream, payload: Uint8Array): void {
    const before = looks(stream);
    if (['mpeg-video', 'mpeg1', 'mpeg2'].includes(stream.codec)) {
      const sequence = parseSequence(payload.subarray(0, 4096));
      if (sequence) Object.assign(stream, {codec: sequence.codec, width: sequence.width, height: sequence.height});
    } else if (stream.codec === 'mpeg-audio') {
      const header = parseAudioHeader(payload.subarray(0, 4096));
      if (header) Object.assign(stream, header);
    }
    if (looks(stream) !== before) this.announce(this.current);
  }

  private streamOf(pid: number, pes: Uint8Array): Stream | undefined {
    const id = pes[3];
    const kind: Kind | null = (id & 0xf0) === 0xe0 ? 'video' : (id & 0xe0) === 0xc0 ? 'audio' : null;
    const onPid = this.current.streams.filter(s => s.table.pid === pid);
    const found = onPid.find(s => s.kind === kind) ?? (this.current.mixed ? undefined : onPid[0]);
    if (found || kind === null || this.tablesSeen || this.packets < packetsBeforeGuessing) return found;
    // No tables after all this time: some senders leave them out, and jsmpeg never asked for them.
    const table = {pid, streamType: kind === 'video' ? 0x02 : 0x03, format: '', info: new Uint8Array(0)};
    const guessed: Stream = {kind, codec: codecOf(table), table};
    this.current = {streams: [...this.current.streams, guessed].slice(-pidsMax), mixed: false};
    return guessed;
  }

  private unwrap(stream: Stream, pts: number): number {
    const clock = this.clocks.get(stream) ?? {last: pts, turns: 0};
    this.clocks.set(stream, clock);
    let step = pts - clock.last;
    if (step < -ptsWrap / 2) { clock.turns++; step += ptsWrap; }
    else if (step > ptsWrap / 2) { clock.turns--; step -= ptsWrap; }
    clock.last = pts;
    if (step < -backwardsMax || step > forwardsMax) {
      clock.turns = 0;
      this.events.jump(stream);
    }
    return pts + clock.turns * ptsWrap;
  }
}

const looks = (s: Stream) => `${s.codec} ${s.width}x${s.height} ${s.sampleRate} ${s.channels}`;

/** Does an adaptation field hold more than its flags ask for? */
function isStuffed(field: Uint8Array): boolean {
  if (field.length === 0 || field[0] === 0) return true;  // the field itself is the stuffing
  const flags = field[0];
  if (flags & 0x03) return false;  // private data or an extension: not worth measuring
  return field.length > 1 + (flags & 0x10 ? 6 : 0) + (flags & 0x08 ? 6 : 0) + (flags & 0x04 ? 1 : 0);
}

/** The 33-bit presentation time stamp of a PES header, in seconds. */
function readPts(pes: Uint8Array): number {
  const high = (pes[9] >> 1) & 0x07;
  const middle = (pes[10] << 7) | (pes[11] >> 1);
  const low = (pes[12] << 7) | (pes[13] >> 1);
  return (high * 2 ** 30 + middle * 2 ** 15 + low) / 90000;
}

function concatenate(parts: Uint8Array[], bytes: number): Uint8Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
