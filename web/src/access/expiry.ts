// How long a token still lasts, and how to say so. Pure: the moment is an argument, in seconds.

const soonSeconds = 5 * 60;
const nowSeconds = 60;

export type Urgency = 'calm' | 'soon' | 'now' | 'over';

export function urgencyOf(secondsLeft: number): Urgency {
  if (secondsLeft <= 0) return 'over';
  if (secondsLeft <= nowSeconds) return 'now';
  return secondsLeft <= soonSeconds ? 'soon' : 'calm';
}

/** "3 d 4 h", "2 h 5 min", "12 min", "45 s": never more than there is. */
export function leftInWords(secondsLeft: number): string {
  const seconds = Math.max(0, Math.floor(secondsLeft));
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}

const plausibleSkewSeconds = 2;

/**
 * How much later the relay's clock stands than ours, out of an answer's Date field: many a viewer's clock is wrong.
 * A second or two is the way the answer took, not the clock. 0 if the answer does not say.
 */
export function skewOf(date: string | null, now: number): number {
  const there = date === null ? NaN : Date.parse(date) / 1000;
  if (!Number.isFinite(there)) return 0;
  const skew = there - now;
  return Math.abs(skew) > plausibleSkewSeconds ? skew : 0;
}
