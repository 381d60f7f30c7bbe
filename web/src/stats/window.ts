// The topics of a report, and for each how much came in for the last few minutes. Pure: each report comes with its
// moment, in seconds.

import type {Client, Rate} from './reports';

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

const historySeconds = 300;
const historyPointsMax = 600;  // of a topic, however often its relay reports

export class Window {
  private histories = new Map<string, Point[]>();
  private rows: readonly Client[] = [];

  add(clients: readonly Client[], at: number): void {
    this.rows = clients;
    this.remember(at);
  }

  get clients(): readonly Client[] {
    return this.rows;
  }

  get topics(): TopicRow[] {
    const byTopic = new Map<string, Client[]>();
    for (const row of this.rows) {
      const rows = byTopic.get(row.topic);
      if (rows) rows.push(row);
      else byTopic.set(row.topic, [row]);
    }
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

  private remember(at: number): void {
    const histories = new Map<string, Point[]>();
    for (const {topic, incoming} of this.topics) {
      const history = (this.histories.get(topic) ?? []).filter(point => at - point.at <= historySeconds);
      histories.set(topic, incoming === null ? history : [...history, {at, bits: incoming.bits}].slice(-historyPointsMax));
    }
    this.histories = histories;
  }
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
