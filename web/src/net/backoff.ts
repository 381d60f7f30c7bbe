// How long to wait before the next attempt: 1, 2, 4, 8, then 10 s, each a quarter shorter or longer by chance, so
// that a thousand viewers do not all return in the same instant after a restart.

const steps = [1, 2, 4, 8, 10];
const spread = 0.25;

export class Backoff {
  private failures = 0;

  constructor(private readonly random: () => number = Math.random) {}

  /** Seconds until the next attempt; longer after each call. */
  next(): number {
    const step = steps[Math.min(this.failures, steps.length - 1)];
    this.failures++;
    return step * (1 - spread + 2 * spread * this.random());
  }

  /** It went well: begin again with the shortest wait. */
  reset(): void {
    this.failures = 0;
  }
}
