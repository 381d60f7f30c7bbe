// A secure relay's report, one object per connection, in either spelling: that of the topic `stats` (canRead,
// expiresAt) or that of /status (can_read, expires_at). What an older relay leaves out is null here, never zero.

export interface Direction {
  messages: number | null;
  bytes: number | null;
  /** Mean since the connection began; what there is where nobody counts. */
  meanPerSecond: number | null;
  meanBytes: number | null;
}

export interface Client {
  key: string;  // the same in the next report
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
  sent: Direction;       // by the client, into the relay
  delivered: Direction;  // by the relay, to the client
}

const clientsMax = 20_000;

/** What is no connection is left out. */
export function clientsIn(report: unknown): Client[] {
  return Array.isArray(report) ? report.slice(0, clientsMax).flatMap(value => clientIn(value) ?? []) : [];
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
  const stats = fieldsOf(fields.get('stats'));
  const connected = words(fields.get('connectedat')) || words(fields.get('connected'));
  const [remoteAddr, userAgent] = [words(fields.get('remoteaddr')), words(fields.get('useragent'))];
  const id = fields.get('id') ?? fields.get('connection');
  const scopes = fields.get('scopes');
  return {
    key: id !== undefined ? String(id) : [topic, connected, remoteAddr, userAgent].join('\n'),
    topic, remoteAddr, userAgent,
    reads: fields.get('canread') === true,
    writes: fields.get('canwrite') === true,
    scopes: Array.isArray(scopes) ? scopes.filter(scope => typeof scope === 'string') : [],
    connected: moment(connected),
    expires: moment(words(fields.get('expiresat'))),
    media: words(fields.get('media')),
    dropped: count(fields.get('dropped')),
    waitingBytes: count(fields.get('waitingbytes')),
    sent: direction(fields, fieldsOf(stats?.get('tx')), 'in'),
    delivered: direction(fields, fieldsOf(stats?.get('rx')), 'out'),
  };
}

function direction(fields: Fields, mean: Fields | null, way: 'in' | 'out'): Direction {
  return {
    messages: count(fields.get(`messages${way}`)),
    bytes: count(fields.get(`bytes${way}`)),
    meanPerSecond: count(mean?.get('fps')),
    meanBytes: count(mean?.get('size')),
  };
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null);

/** RFC 3339; null for what is none and for 1970, with which relays say “never”. */
function moment(text: string): Date | null {
  const milliseconds = Date.parse(text);
  return Number.isFinite(milliseconds) && milliseconds > 0 ? new Date(milliseconds) : null;
}
