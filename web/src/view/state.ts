// How the topic is doing, in one word, out of what happened when. Pure: every moment is an argument, in seconds.

import type {Refusal} from '../access/refusal';

export type State =
  | {kind: 'connecting'}
  | {kind: 'waiting'}                          // connected; nobody sends yet
  | {kind: 'key'}                              // data comes, no picture can begin yet
  | {kind: 'live'}
  | {kind: 'data'}
  | {kind: 'lost'; forSeconds: number}         // connected, but the source fell silent
  | {kind: 'unreachable'; inSeconds: number; said?: string}  // no connection; the next attempt comes then
  | {kind: 'refused'; refusal: Refusal; inSeconds: number | null}  // null: no attempt is made by itself
  | {kind: 'unplayable'; reason: string};

const silenceSecondsMin = 3;
const redialSecondsMin = 20;
const redialSecondsMax = 300;

export class Health {
  private link: 'connecting' | 'open' | 'closed' = 'connecting';
  private retryAt: number | null = 0;
  private said = '';
  private refusal: Refusal | null = null;
  private openedAt = 0;
  private lastData: number | null = null;
  private slowest = 0;  // the longest pause of the last few messages: a source of one picture in 5 s is not lost
  private shows = false;
  private reason: string | null = null;
  private isData = false;
  private redialAfter = redialSecondsMin;

  connecting(): void {
    this.link = 'connecting';
  }

  opened(now: number): void {
    this.link = 'open';
    this.openedAt = now;
    this.shows = false;
  }

  /** `retryAt`: null if it is over. `said`: what the relay said at the end. */
  closed(retryAt: number | null, said = '', refusal: Refusal | null = null): void {
    this.link = 'closed';
    this.retryAt = retryAt;
    this.said = said;
    this.refusal = refusal;
    this.shows = false;
  }

  received(now: number): void {
    const pause = this.lastData === null ? 0 : now - this.lastData;
    this.slowest = Math.max(pause < 30 ? pause : 0, this.slowest * 0.9);
    this.lastData = now;
    this.isData = false;
    this.redialAfter = redialSecondsMin;
  }

  data(): void {
    this.isData = true;
  }

  showing(): void {
    this.shows = true;
  }

  waitingForKey(): void {
    this.shows = false;
  }

  unplayable(reason: string): void {
    this.reason = reason;
  }

  playable(): void {
    this.reason = null;
  }

  isLive(now: number): boolean {
    return this.state(now).kind === 'live';
  }

  state(now: number): State {
    if (this.link === 'closed') return this.whileClosed(now);
    const silent = this.lastData === null ? 0 : now - this.lastData;
    const lost = silent > Math.max(silenceSecondsMin, 2.5 * this.slowest);
    if (this.link === 'connecting') return {kind: 'connecting'};
    if (this.isData) return {kind: 'data'};
    if (this.lastData === null) return {kind: 'waiting'};
    if (lost) return {kind: 'lost', forSeconds: Math.floor(silent)};
    if (this.reason !== null) return {kind: 'unplayable', reason: this.reason};
    return this.shows ? {kind: 'live'} : {kind: 'key'};
  }

  private whileClosed(now: number): State {
    const inSeconds = this.retryAt === null ? null : Math.max(0, Math.ceil(this.retryAt - now));
    if (this.refusal && this.refusal.kind !== 'unreachable') return {kind: 'refused', refusal: this.refusal, inSeconds};
    return {kind: 'unreachable', inSeconds: inSeconds ?? 0, ...(this.said && {said: this.said})};
  }

  /**
   * A connection can die without either end noticing. After a long silence it is made anew, at growing intervals;
   * true at most once for each.
   */
  shouldRedial(now: number): boolean {
    if (this.link !== 'open' || this.lastData === null) return false;
    if (now - Math.max(this.lastData, this.openedAt) < this.redialAfter) return false;
    this.redialAfter = Math.min(redialSecondsMax, this.redialAfter * 2);
    return true;
  }
}
