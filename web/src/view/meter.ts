// Rates over the last few seconds, and how much later than the best case things arrive.

const windowSeconds = 3;

/** How much of something per second, over the last three seconds. */
export class Rate {
  private readonly samples: {at: number; amount: number}[] = [];
  private total = 0;
  private since: number | null = null;

  add(amount: number, now: number): void {
    this.since ??= now;
    this.samples.push({at: now, amount});
    this.total += amount;
    this.forget(now);
  }

  perSecond(now: number): number {
    this.forget(now);
    if (this.since === null || this.samples.length === 0) return 0;
    return this.total / Math.min(windowSeconds, Math.max(1, now - this.since));
  }

  reset(): void {
    this.samples.length = 0;
    this.total = 0;
    this.since = null;
  }

  private forget(now: number): void {
    while (this.samples.length > 0 && now - this.samples[0].at > windowSeconds) {
      this.total -= this.samples.shift()!.amount;
    }
  }
}

/**
 * Compares when pictures arrive with when they say they are due. The smallest difference of the last minute stands
 * for an undisturbed way; what exceeds it is waiting, in a network or a queue. The way itself stays unknown.
 */
export class Lateness {
  // The smallest difference of each of the last few spans of time: old ones fall out, so that clocks may drift.
  private spans: {from: number; smallest: number}[] = [];
  private recent: {at: number; transit: number}[] = [];

  add(pts: number, now: number): void {
    const transit = now - pts;
    const span = this.spans[this.spans.length - 1];
    if (!span || now - span.from > 10) this.spans.push({from: now, smallest: transit});
    else span.smallest = Math.min(span.smallest, transit);
    if (this.spans.length > 6) this.spans.shift();
    this.recent.push({at: now, transit});
    while (now - this.recent[0].at > 2) this.recent.shift();
  }

  get best(): number | null {
    return this.spans.length === 0 ? null : Math.min(...this.spans.map(s => s.smallest));
  }

  /** Seconds by which the latest of the last two seconds came later than the best; 0 before anything came. */
  get seconds(): number {
    const best = this.best;
    if (best === null || this.recent.length === 0) return 0;
    return Math.max(...this.recent.map(r => r.transit)) - best;
  }

  /** Seconds by which the newest came later than the best. */
  get newest(): number {
    const best = this.best;
    return best === null || this.recent.length === 0 ? 0 : this.recent[this.recent.length - 1].transit - best;
  }

  reset(): void {
    this.spans = [];
    this.recent = [];
  }
}
