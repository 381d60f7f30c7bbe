// What a node says of its WAMP router: `wamp` of the relay's own entry in a report (docs/wamp.md). What is missing or
// no number counts as 0.

export interface Realm {
  realm: string;
  sessions: number;
  subscriptions: number;
  registrations: number;
  callsInFlight: number;
  callsPerSecond: number;
  publicationsPerSecond: number;
  eventsPerSecond: number;
  /** Logins, calls, publications, subscriptions and registrations, for any cause. */
  refused: number;
  eventsLost: number;
}

export type Counts = [cause: string, count: number][];

export interface Wamp {
  sessions: number;
  realmsLeftOut: number;
  /** Also in realms that are not there. */
  loginsRefused: number;
  eventsLost: Counts;
  sessionsEnded: Counts;
  byRealm: Realm[];
}

const realmsMax = 1000;
const causesMax = 32;

/** Null: this node routes no WAMP. */
export function wampIn(report: unknown): Wamp | null {
  if (!Array.isArray(report)) return null;
  const wamp = objectOf(objectOf(report[0])?.wamp);
  if (!wamp) return null;
  const realms = Array.isArray(wamp.by_realm) ? wamp.by_realm.slice(0, realmsMax) : [];
  return {
    sessions: number(wamp.sessions),
    realmsLeftOut: number(wamp.realms_left_out),
    loginsRefused: number(wamp.logins_refused),
    eventsLost: counts(wamp.events_lost),
    sessionsEnded: counts(wamp.sessions_ended),
    byRealm: realms.flatMap(value => realmIn(value) ?? []),
  };
}

/** "3 lost, 1 too slow"; empty: nothing. */
export const countsInWords = (all: Counts): string => all.map(([cause, count]) => `${count} ${cause.replace(/_/g, ' ')}`).join(', ');

function realmIn(value: unknown): Realm | null {
  const realm = objectOf(value);
  if (!realm || typeof realm.realm !== 'string') return null;
  const refused = ['calls_refused', 'publications_refused', 'subscriptions_refused', 'registrations_refused'];
  return {
    realm: realm.realm,
    sessions: number(realm.sessions),
    subscriptions: number(realm.subscriptions),
    registrations: number(realm.registrations),
    callsInFlight: number(realm.calls_in_flight),
    callsPerSecond: number(realm.calls_per_second),
    publicationsPerSecond: number(realm.publications_per_second),
    eventsPerSecond: number(realm.events_per_second),
    refused: refused.reduce((all, kind) => all + sum(counts(realm[kind])), number(realm.logins_refused)),
    eventsLost: sum(counts(realm.events_lost)),
  };
}

const objectOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0);
const counts = (value: unknown): Counts =>
  Object.entries(objectOf(value) ?? {}).slice(0, causesMax).map(([cause, count]): [string, number] => [cause, number(count)]).filter(([, count]) => count > 0);
const sum = (all: Counts): number => all.reduce((total, [, count]) => total + count, 0);
