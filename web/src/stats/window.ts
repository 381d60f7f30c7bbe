// Rates over the last half minute, out of reports that only count; and for each topic how much came in, for the last
// few minutes. Pure: each report comes with its moment, in seconds.

import type {Client, Direction} from './reports';

export interface Rate {
  messages: number;  // per second
  bits: number;      // per second
  /** Since the connection began, because this relay counts no messages. */
  lifelong: boolean;
}

export interface TopicRow {
  topic: string;
  senders: number;
  receivers: number;
  incoming: Rate | null;
  outgoing: Rate | null;
  dropped: number | null;
  waitingBytes: number | null;
  media: string;
  /** What came in, oldest first. */
  history: Point[];
}

export interface Point {
  at: number;
  bits: number;  // per second
}

export interface ClientRow extends Client {
  incoming: Rate | null;
  outgoing: Rate | null;
}

const windowSeconds = 30;
const historySeconds = 300;
const historyPointsMax = 600;  // of a topic, however often its relay reports

interface Sample {
  at: number;
  client: Client;
}

export class Window {
  private samples = new Map<string, Sample[]>();  // oldest first
  private histories = new Map<string, Point[]>();
  private rows: ClientRow[] = [];

  add(clients: Client[], at: number): void {
    const samples = new Map<string, Sample[]>();
    for (const client of clients) samples.set(client.key, this.continued(client, at));
    this.samples = samples;  // who is not in the report is gone
    this.rows = clients.map(client => this.rowOf(client));
    this.remember(at);
  }

  get clients(): readonly ClientRow[] {
    return this.rows;
  }

  get topics(): TopicRow[] {
    const byTopic = new Map<string, ClientRow[]>();
    for (const row of this.rows) byTopic.set(row.topic, [...(byTopic.get(row.topic) ?? []), row]);
    return [...byTopic].map(([topic, rows]) => ({
      topic,
      senders: rows.filter(row => row.writes).length,
      receivers: rows.filter(row => row.reads).length,
      incoming: sumOfRates(rows.map(row => row.incoming)),
      outgoing: sumOfRates(rows.map(row => row.outgoing)),
      dropped: sum(rows.map(row => row.dropped)),
      waitingBytes: sum(rows.map(row => row.waitingBytes)),
      media: rows.find(row => row.media)?.media ?? '',
      history: this.histories.get(topic) ?? [],
    }));
  }

  private continued(client: Client, at: number): Sample[] {
    const earlier = this.samples.get(client.key) ?? [];
    const newest = earlier[earlier.length - 1];
    // A relay that was started anew counts from zero, perhaps under the same names.
    const anew = newest !== undefined && (newest.client.topic !== client.topic || fell(newest.client.sent, client.sent) ||
      fell(newest.client.delivered, client.delivered) || at <= newest.at);
    const kept = anew ? [] : earlier.filter(sample => at - sample.at <= windowSeconds);
    return [...kept, {at, client}];
  }

  private rowOf(client: Client): ClientRow {
    const samples = this.samples.get(client.key)!;
    return {...client, incoming: rateOf(samples, c => c.sent), outgoing: rateOf(samples, c => c.delivered)};
  }

  private remember(at: number): void {
    const histories = new Map<string, Point[]>();
    for (const {topic, incoming} of this.topics) {
      const history = (this.histories.get(topic) ?? []).filter(point => at - point.at <= historySeconds);
      histories.set(topic, incoming === null ? history : [...history, {at, bits: incoming.bits}].slice(-historyPointsMax));
    }
    this.histories = histories;
  }
}

const fell = (before: Direction, now: Direction) => (now.messages ?? 0) < (before.messages ?? 0) || (now.bytes ?? 0) < (before.bytes ?? 0);

/** null while there is only one report of a relay that counts. */
function rateOf(samples: Sample[], side: (client: Client) => Direction): Rate | null {
  const [first, last] = [samples[0], samples[samples.length - 1]];
  const [then, now] = [side(first.client), side(last.client)];
  if (now.messages === null || now.bytes === null) return lifelongRate(now);
  const seconds = last.at - first.at;
  if (seconds <= 0 || then.messages === null || then.bytes === null) return null;
  return {messages: (now.messages - then.messages) / seconds, bits: 8 * (now.bytes - then.bytes) / seconds, lifelong: false};
}

function lifelongRate({meanPerSecond, meanBytes}: Direction): Rate | null {
  if (meanPerSecond === null) return null;
  return {messages: meanPerSecond, bits: 8 * meanPerSecond * (meanBytes ?? 0), lifelong: true};
}

/** null if nobody knows any. */
function sum(values: (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length > 0 ? known.reduce((total, value) => total + value, 0) : null;
}

function sumOfRates(rates: (Rate | null)[]): Rate | null {
  const known = rates.filter(rate => rate !== null);
  if (known.length === 0) return null;
  return {
    messages: known.reduce((total, rate) => total + rate.messages, 0),
    bits: known.reduce((total, rate) => total + rate.bits, 0),
    lifelong: known.some(rate => rate.lifelong),
  };
}

/** The points of an SVG polyline in a box, from the left; the newest at the right edge. */
export function sparkPoints(history: Point[], width: number, height: number): string {
  const most = Math.max(...history.map(point => point.bits), 1);
  const newest = history[history.length - 1]?.at ?? 0;
  const x = (point: Point) => width - width * (newest - point.at) / historySeconds;
  const y = (point: Point) => height - 1 - (height - 2) * point.bits / most;
  return history.map(point => `${x(point).toFixed(1)},${y(point).toFixed(1)}`).join(' ');
}
