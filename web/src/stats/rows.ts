// From the relay's messages, one per client, to the rows of the two tables.

export interface Row {
  topic: string;
  last: string;
  bytes: number;
  perSecond: number;
  connected: string;
  remoteAddr: string;
  userAgent: string;
}

export interface Tables {
  broadcasters: Row[];
  receivers: Row[];
}

export type Column = keyof Row;

/** One message as a row and the table that it belongs to; null if it is none. */
export function parseRow(text: string): {table: keyof Tables; row: Row} | null {
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null || typeof message.topic !== 'string') return null;
  const broadcaster = message.broadcaster === true;
  // What counts for a sender is what it sent, for a receiver what it was given.
  const side = (message.stats as Record<string, Record<string, unknown>> | undefined)?.[broadcaster ? 'tx' : 'rx'];
  return {
    table: broadcaster ? 'broadcasters' : 'receivers',
    row: {
      topic: message.topic,
      last: words(side?.last),
      bytes: number(side?.size),
      perSecond: number(side?.fps),
      connected: words(message.connected),
      remoteAddr: words(message.remoteAddr),
      userAgent: words(message.userAgent),
    },
  };
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

export interface Order {
  column: Column;
  descending: boolean;
}

export function sorted(rows: Row[], order: Order, valueOf: (row: Row, column: Column) => string | number): Row[] {
  const sign = order.descending ? -1 : 1;
  const collator = new Intl.Collator('en', {numeric: true});
  return [...rows].sort((a, b) => {
    const [x, y] = [valueOf(a, order.column), valueOf(b, order.column)];
    const first = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y));
    return sign * first || collator.compare(a.topic + a.connected, b.topic + b.connected);
  });
}

export interface Totals {
  clients: number;
  perSecond: number;
  bytesPerSecond: number;
}

export function totals(rows: Row[]): Totals {
  return {
    clients: rows.length,
    perSecond: rows.reduce((sum, row) => sum + row.perSecond, 0),
    bytesPerSecond: rows.reduce((sum, row) => sum + row.perSecond * row.bytes, 0),
  };
}
