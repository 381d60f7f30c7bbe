// A secure relay's report, one object per connection, in either spelling: that of the topic `stats` (canRead,
// expiresAt) or that of /status (can_read, expires_at). What an older relay leaves out is null here, never zero.

export interface Rate {
  messages: number;  // per second
  bits: number;      // per second
  /** Since the connection began, because this relay knows no other. */
  lifelong: boolean;
}

export interface Client {
  key: string;  // no other connection of the report has it, and nearly always the same one in the next
  topic: string;
  reads: boolean;
  writes: boolean;
  scopes: string[];
  connected: Date | null;
  expires: Date | null;  // null: never
  remoteAddr: string;
  userAgent: string;
  media: string;
  dropped: number | null;
  waitingBytes: number | null;
  incoming: Rate | null;  // from the client into the relay
  outgoing: Rate | null;  // from the relay to the client
}

const clientsMax = 20_000;

/** What is no connection is left out. */
export function clientsIn(report: unknown): Client[] {
  if (!Array.isArray(report)) return [];
  const alike = new Map<string, number>();
  return report.slice(0, clientsMax).flatMap(value => {
    const client = clientIn(value);
    if (!client) return [];
    const before = alike.get(client.key) ?? 0;
    alike.set(client.key, before + 1);
    return before === 0 ? client : {...client, key: `${client.key}\n${before}`};
  });
}

type Fields = Map<string, unknown>;

/** "expires_at" and "expiresAt" are one name. */
function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([name, field]) => [name.replace(/_/g, '').toLowerCase(), field]));
}

function clientIn(value: unknown): Client | null {
  const fields = fieldsOf(value);
  const topic = fields?.get('topic');
  if (!fields || typeof topic !== 'string') return null;
  const [traffic, means] = [fieldsOf(fields.get('traffic')), fieldsOf(fields.get('stats'))];
  const connected = words(fields.get('connectedat')) || words(fields.get('connected'));
  const [remoteAddr, userAgent] = [words(fields.get('remoteaddr')), words(fields.get('useragent'))];
  const scopes = fields.get('scopes');
  return {
    key: [topic, connected, remoteAddr, userAgent].join('\n'),
    topic, remoteAddr, userAgent,
    reads: fields.get('canread') === true,
    writes: fields.get('canwrite') === true,
    scopes: Array.isArray(scopes) ? scopes.filter(scope => typeof scope === 'string') : [],
    connected: moment(connected),
    expires: moment(words(fields.get('expiresat'))),
    media: words(fields.get('media')),
    dropped: count(fields.get('dropped')),
    waitingBytes: count(fields.get('waitingbytes')),
    incoming: rate(fieldsOf(traffic?.get('tx')), fieldsOf(means?.get('tx'))),
    outgoing: rate(fieldsOf(traffic?.get('rx')), fieldsOf(means?.get('rx'))),
  };
}

/** `tx` is what the client sent, `rx` what it was delivered. */
function rate(traffic: Fields | null, means: Fields | null): Rate | null {
  const [messages, bytes] = [count(traffic?.get('messagespersecond')), count(traffic?.get('bytespersecond'))];
  if (messages !== null && bytes !== null) return {messages, bits: 8 * bytes, lifelong: false};
  const mean = count(means?.get('fps'));
  return mean === null ? null : {messages: mean, bits: 8 * mean * (count(means?.get('size')) ?? 0), lifelong: true};
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null);

/** RFC 3339; null for what is none and for 1970, with which relays say “never”. */
function moment(text: string): Date | null {
  const milliseconds = Date.parse(text);
  return Number.isFinite(milliseconds) && milliseconds > 0 ? new Date(milliseconds) : null;
}
