// Keeps a Media Source Extensions player near the live edge. Pure: where the playhead stands goes in, what to do
// with it comes out.

export interface Playhead {
  position: number;
  rate: number;
  /** What is buffered: pieces of [start, end], in order. All in seconds. */
  ranges: [number, number][];
  /** How much to keep ahead of the playhead. */
  target: number;
}

export interface Move {
  seekTo: number | null;
  rate: number;
}

const jumpBeyond = 3;
const hurryBeyond = 0.4;
const hurryMoreBeyond = 1.2;
const edge = 0.05;

export function keepUp({position, rate, ranges, target}: Playhead): Move {
  if (ranges.length === 0) return {seekTo: null, rate: 1};
  const [start, end] = ranges[ranges.length - 1];
  const ahead = end - position;
  if (ahead > target + jumpBeyond) return {seekTo: Math.max(start, end - target), rate: 1};
  if (position < start) {
    // Before the newest piece: play out an older one first, then step over the hole.
    const inside = ranges.some(([from, to]) => from <= position && position < to - edge);
    return {seekTo: inside ? null : start, rate: 1};
  }
  if (position > end + 1) return {seekTo: Math.max(start, end - target), rate: 1};  // the time line began anew
  if (ahead > target + hurryMoreBeyond) return {seekTo: null, rate: 1.25};
  if (ahead > target + hurryBeyond) return {seekTo: null, rate: Math.max(rate, 1.1)};
  return {seekTo: null, rate: ahead > target ? rate : 1};
}

const targetMin = 0.3;
const targetMax = 1.5;
const calmSeconds = 20;

/** How much to keep ahead: more after each time the picture ran dry, slowly less while it does not. */
export class Reserve {
  private seconds = targetMin;
  private changedAt = 0;

  get target(): number {
    return this.seconds;
  }

  ranDry(now: number): void {
    if (now - this.changedAt < 1) return;
    this.seconds = Math.min(targetMax, this.seconds + 0.2);
    this.changedAt = now;
  }

  tick(now: number): void {
    if (this.seconds <= targetMin || now - this.changedAt < calmSeconds) return;
    this.seconds = Math.max(targetMin, this.seconds - 0.1);
    this.changedAt = now;
  }
}
