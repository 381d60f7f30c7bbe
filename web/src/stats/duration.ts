// Durations as the statistics write them: "101.051177ms", "3.772274933s", "2h3m4s", "Never".

const units: Record<string, number> = {h: 3600, m: 60, s: 1, ms: 1e-3, 'µs': 1e-6, 'μs': 1e-6, us: 1e-6, ns: 1e-9};

/** Seconds; null for “Never” and for anything that is no duration. */
export function parseDuration(text: string): number | null {
  const whole = /^([0-9.]+(?:h|ms|m|s|µs|μs|us|ns))+$/;
  if (!whole.test(text)) return text === '0' ? 0 : null;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(h|ms|m|s|µs|μs|us|ns)/g)) {
    const value = Number(amount);
    if (!Number.isFinite(value)) return null;
    seconds += value * units[unit];
  }
  return seconds;
}

/** "just now", "0.8 s", "12 s", "4 min", "2 h 3 min", "Never". */
export function shortDuration(text: string): string {
  const seconds = parseDuration(text);
  if (seconds === null) return text;
  if (seconds < 0.1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** "2026-11-20 23:59:55.745670924 +0000 UTC m=+4.0" as a moment; null if it is none. */
export function parseMoment(text: string): Date | null {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? ([+-]\d\d)(\d\d)/.exec(text);
  if (!parts) return null;
  const [, day, time, fraction = '', hours, minutes] = parts;
  const moment = new Date(`${day}T${time}${fraction.slice(0, 4)}${hours}:${minutes}`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
