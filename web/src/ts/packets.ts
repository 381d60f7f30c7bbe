// Cuts what a topic delivers into whole MPEG-TS packets, wherever the messages were cut, and finds the sync
// bytes again after anything that is no packet. The players behind it therefore never see a torn packet:
// mpegts.js would stop for good at the first one.

export const packetBytes = 188;
const sync = 0x47;
const syncsWanted = 3;
// Without sync in this much, what came is no transport stream; older bytes are let go.
const searchBytesMax = 64 * 1024;

const nothing = new Uint8Array(0);

export class PacketCutter {
  private pending: Uint8Array = nothing;
  private locked = false;
  private skipped = 0;

  /** Are we in step with the packets right now? */
  get synced(): boolean {
    return this.locked;
  }

  /** Bytes thrown away so far because they belonged to no packet. */
  get skippedBytes(): number {
    return this.skipped;
  }

  /** The whole packets that are complete now, one after the other; often a view of `bytes` itself. */
  feed(bytes: Uint8Array): Uint8Array {
    if (this.locked && this.pending.length === 0 && allPackets(bytes)) return bytes;
    const data = this.pending.length === 0 ? bytes : join(this.pending, bytes);
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      if (!this.locked) {
        const found = findSync(data, at);
        this.skipped += found.at - at;
        at = found.at;
        this.locked = found.locked;
        if (!this.locked) break;
      }
      const end = endOfPackets(data, at);
      if (end > at) pieces.push(data.subarray(at, end));
      at = end;
      if (data.length - at < packetBytes && (at === data.length || data[at] === sync)) break;
      this.locked = false;  // a byte that should have been a sync byte is none
    }
    this.pending = at === data.length ? nothing : data.slice(at);
    return pieces.length === 1 ? pieces[0] : pieces.reduce(join, nothing);
  }

  reset(): void {
    this.pending = nothing;
    this.locked = false;
  }
}

function allPackets(bytes: Uint8Array): boolean {
  if (bytes.length % packetBytes !== 0) return false;
  for (let at = 0; at < bytes.length; at += packetBytes) if (bytes[at] !== sync) return false;
  return true;
}

/** The end of the run of whole packets that begins at `at`. */
function endOfPackets(data: Uint8Array, at: number): number {
  while (at + packetBytes <= data.length && data[at] === sync) at += packetBytes;
  return at;
}

/** Where packets begin, at or after `from`; or, if that cannot be said yet, the first byte worth keeping. */
function findSync(data: Uint8Array, from: number): {at: number; locked: boolean} {
  const span = packetBytes * (syncsWanted - 1);
  for (let at = from; at + span < data.length; at++) {
    if (data[at] !== sync) continue;
    let seen = 1;
    while (seen < syncsWanted && data[at + seen * packetBytes] === sync) seen++;
    if (seen === syncsWanted) return {at, locked: true};
  }
  const keepFrom = Math.max(from, data.length - span);
  return {at: data.length - from > searchBytesMax ? keepFrom : from, locked: false};
}

export function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
