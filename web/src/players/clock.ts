// When is a picture due? As early as can be without stutter: the time stamps say how far pictures lie apart, the
// arrivals say how irregularly they come, and the delay is just what the irregularity of the last seconds needs.

import {Lateness} from '../view/meter';

const delayMin = 0.02;

export class PlayoutClock {
  private readonly lateness = new Lateness();
  private delay = delayMin;

  /** However irregularly things come, they wait no longer than this: who steers something wants to see it move. */
  constructor(private readonly delayMax: number) {}

  /** A picture with this time stamp arrived. Both in seconds. */
  arrived(pts: number, now: number): void {
    this.lateness.add(pts, now);
    const needed = Math.min(this.delayMax, Math.max(delayMin, this.lateness.seconds));
    // Up at once, so that the next late picture is in time; down slowly, so that nobody sees it.
    this.delay = needed > this.delay ? needed : Math.max(needed, this.delay - 0.002);
  }

  /** The moment at which a picture with this time stamp should be shown. */
  due(pts: number): number {
    const best = this.lateness.best;
    return best === null ? 0 : pts + best + this.delay;
  }

  get delaySeconds(): number {
    return this.delay;
  }

  reset(): void {
    this.lateness.reset();
    this.delay = delayMin;
  }
}
