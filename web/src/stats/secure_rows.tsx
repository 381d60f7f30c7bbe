// The two tables of a secure relay: its topics, each with a line of how much came in, and its connections.

import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';

import {leftInWords} from '../access/expiry';
import {bitRate, byteCount} from '../shared/format';
import type {Client, Rate} from './reports';
import {countsInWords, type Realm, type Wamp} from './wamp';
import {type Point, sparkPoints, type TopicRow} from './window';

interface Column<Row> {
  name: string;
  title: string;
  number?: boolean;
  value: (row: Row) => string | number | null;
  cell: (row: Row) => ComponentChildren;
}

export function TopicTable({rows, stale}: {rows: TopicRow[]; stale: boolean}) {
  return <Table title="Topics" rows={rows} stale={stale} columns={topicColumns} keyOf={row => row.topic} />;
}

/** `now`: when the rows were true. */
export function ClientTable({rows, now, stale}: {rows: readonly Client[]; now: Date; stale: boolean}) {
  return <Table title="Connections" rows={rows} stale={stale} columns={clientColumns(now)} keyOf={row => row.key} />;
}

/** The WAMP realms, and below them what happened in all together. */
export function RealmTable({wamp, stale}: {wamp: Wamp; stale: boolean}) {
  const sessions = wamp.sessions === 1 ? '1 session' : `${wamp.sessions} sessions`;
  const left = wamp.realmsLeftOut > 0 ? `; realms not shown: ${wamp.realmsLeftOut}` : '';
  const refused = wamp.loginsRefused > 0 ? ` Logins refused: ${wamp.loginsRefused}.` : '';
  const lost = countsInWords(wamp.eventsLost);
  const ended = countsInWords(wamp.sessionsEnded);
  return (
    <>
      <Table title="Realms" rows={wamp.byRealm} stale={stale} columns={realmColumns} keyOf={row => row.realm} />
      <p class="foot">
        {sessions}{left}.{refused}{lost && ` Events lost: ${lost}.`}{ended && ` Sessions ended: ${ended}.`}
      </p>
    </>
  );
}

const perSecond = (value: number) => (value >= 10 ? Math.round(value) : Number(value.toFixed(1)));

// The first column is the one that tables are sorted by at first.
const realmColumns: Column<Realm>[] = [
  {name: 'topic', title: 'realm', value: row => row.realm, cell: row => row.realm},
  {name: 'sessions', title: 'sessions', number: true, value: row => row.sessions, cell: row => row.sessions},
  {name: 'subscriptions', title: 'subscriptions', number: true, value: row => row.subscriptions, cell: row => row.subscriptions},
  {name: 'registrations', title: 'registrations', number: true, value: row => row.registrations, cell: row => row.registrations},
  {name: 'open', title: 'open calls', number: true, value: row => row.callsInFlight, cell: row => row.callsInFlight},
  {name: 'calls', title: 'calls/s', number: true, value: row => row.callsPerSecond, cell: row => perSecond(row.callsPerSecond)},
  {name: 'publications', title: 'publications/s', number: true, value: row => row.publicationsPerSecond, cell: row => perSecond(row.publicationsPerSecond)},
  {name: 'events', title: 'events/s', number: true, value: row => row.eventsPerSecond, cell: row => perSecond(row.eventsPerSecond)},
  {name: 'refused', title: 'refused', number: true, value: row => row.refused, cell: row => row.refused},
  {name: 'lost', title: 'lost', number: true, value: row => row.eventsLost, cell: row => row.eventsLost},
];

const topicColumns: Column<TopicRow>[] = [
  {name: 'topic', title: 'topic', value: row => row.topic, cell: row => <>{row.topic}{row.media && <small>{row.media}</small>}</>},
  {name: 'line', title: 'last 5 min', value: row => row.incoming?.bits ?? null, cell: row => <Spark history={row.history} topic={row.topic} />},
  {name: 'in', title: 'in', number: true, value: row => row.incoming?.bits ?? null, cell: row => <RateWords rate={row.incoming} />},
  {name: 'out', title: 'out', number: true, value: row => row.outgoing?.bits ?? null, cell: row => <RateWords rate={row.outgoing} />},
  {name: 'senders', title: 'may send', number: true, value: row => row.senders, cell: row => row.senders},
  {name: 'receivers', title: 'may read', number: true, value: row => row.receivers, cell: row => row.receivers},
  {name: 'dropped', title: 'dropped', number: true, value: row => row.dropped, cell: row => known(row.dropped, String)},
  {name: 'waiting', title: 'waiting', number: true, value: row => row.waitingBytes, cell: row => known(row.waitingBytes, byteCount)},
];

const clientColumns = (now: Date): Column<Client>[] => [
  {name: 'topic', title: 'topic', value: row => row.topic, cell: row => row.topic},
  {name: 'scopes', title: 'scopes', value: row => row.scopes.join(' '), cell: row => row.scopes.map(scope => <code key={scope}>{scope}</code>)},
  {name: 'in', title: 'in', number: true, value: row => row.incoming?.bits ?? null, cell: row => <RateWords rate={row.incoming} />},
  {name: 'out', title: 'out', number: true, value: row => row.outgoing?.bits ?? null, cell: row => <RateWords rate={row.outgoing} />},
  {name: 'dropped', title: 'dropped', number: true, value: row => row.dropped, cell: row => known(row.dropped, String)},
  {name: 'waiting', title: 'waiting', number: true, value: row => row.waitingBytes, cell: row => known(row.waitingBytes, byteCount)},
  {name: 'expires', title: 'expires', value: row => row.expires?.getTime() ?? Number.MAX_VALUE, cell: row => expiryWords(row.expires, now)},
  {name: 'connected', title: 'connected', value: row => row.connected?.getTime() ?? null, cell: row => sinceWords(row.connected, now)},
  {name: 'client', title: 'client', value: row => `${row.remoteAddr} ${row.userAgent}`.trim(), cell: row => <Who client={row} />},
];

const known = (value: number | null, words: (value: number) => string) => (value === null ? '–' : words(value));

function expiryWords(expires: Date | null, now: Date): string {
  if (!expires) return 'never';
  const left = (expires.getTime() - now.getTime()) / 1000;
  return left > 0 ? `in ${leftInWords(left)}` : 'now';
}

const sinceWords = (connected: Date | null, now: Date) =>
  connected ? `${leftInWords((now.getTime() - connected.getTime()) / 1000)} ago` : '–';

function Who({client: {remoteAddr, userAgent}}: {client: Client}) {
  if (!remoteAddr && !userAgent) return null;
  return <>{remoteAddr}{userAgent && <small title={userAgent}>{userAgent}</small>}</>;
}

function RateWords({rate}: {rate: Rate | null}) {
  if (!rate) return <>–</>;
  const messages = rate.messages >= 10 ? Math.round(rate.messages) : Number(rate.messages.toFixed(1));
  return (
    <span title={rate.lifelong ? 'mean since the connection began' : undefined}>
      {rate.lifelong && '≈ '}{bitRate(rate.bits)}<small>{messages} msg/s</small>
    </span>
  );
}

const spark = {width: 120, height: 28};

function Spark({history, topic}: {history: Point[]; topic: string}) {
  if (history.length < 2) return <>–</>;
  const points = sparkPoints(history, spark.width, spark.height);
  const rates = history.map(point => point.bits);
  const words = `${topic}: ${bitRate(Math.min(...rates))} to ${bitRate(Math.max(...rates))} came in`;
  return (
    <svg class="spark" viewBox={`0 0 ${spark.width} ${spark.height}`} preserveAspectRatio="none" role="img" aria-label={words}>
      <title>{words}</title>
      <line class="ground" x1="0" x2={spark.width} y1={spark.height - 0.5} y2={spark.height - 0.5} />
      <polyline points={points} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" vector-effect="non-scaling-stroke" />
    </svg>
  );
}

function Table<Row>({title, rows, columns, keyOf, stale}: {
  title: string; rows: readonly Row[]; columns: Column<Row>[]; keyOf: (row: Row) => string; stale: boolean;
}) {
  const [{by, descending}, setOrder] = useState({by: 'topic', descending: false});
  const shown = inOrder(rows, columns.find(column => column.name === by)!, descending);
  return (
    <section aria-labelledby={title} class="secure">
      <h2 id={title}>{title} <small>{rows.length}</small></h2>
      <div class="frame" data-stale={stale || undefined} tabIndex={0} role="region" aria-labelledby={title}>
        <table>
          <thead>
            <tr>
              {columns.map(({name, title: words, number}) => (
                <th key={name} scope="col" data-column={name} data-number={number} aria-sort={by === name ? (descending ? 'descending' : 'ascending') : 'none'}>
                  <button onClick={() => setOrder({by: name, descending: by === name && !descending})}>{words}</button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(row => (
              <tr key={keyOf(row)}>
                {columns.map(({name, title: words, number, cell}) => (
                  <td key={name} data-column={name} data-title={words} data-number={number}><div>{cell(row)}</div></td>
                ))}
              </tr>
            ))}
            {shown.length === 0 && <tr class="empty"><td colSpan={columns.length}>none</td></tr>}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const collator = new Intl.Collator('en', {numeric: true});

/** What is not known comes last, whichever way. */
function inOrder<Row>(rows: readonly Row[], {value}: Column<Row>, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y)));
  });
}
