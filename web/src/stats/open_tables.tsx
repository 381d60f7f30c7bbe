import {useEffect, useState} from 'preact/hooks';

import {bitRate, byteCount} from '../shared/format';
import {parseDuration, parseMoment, shortDuration} from './duration';
import {type Feed, StatsFeed} from './feed';
import {Head} from './head';
import {type Column, type Order, type Row, sorted, totals} from './rows';

/** The open topics, as the old relay's page has always shown them. */
export function OpenTables({base}: {base: string}) {
  const [feed, setFeed] = useState<Feed>({tables: null, connected: false, at: null});
  useEffect(() => {
    const running = new StatsFeed(`${base.replace(/^http/, 'ws')}/ws`, setFeed);
    running.start();
    return () => running.stop();
  }, [base]);
  const label = feed.connected ? (feed.tables ? 'Refreshed every 5 s' : 'Asking …') : feed.at ? 'Not reachable, trying again' : 'Connecting';
  return (
    <>
      <Head label={label} good={feed.connected} />
      <Table title="Broadcasters" sizeTitle="Avg Bytes" rows={feed.tables?.broadcasters ?? null} stale={!feed.connected} />
      <Table title="Receivers" sizeTitle="Avg size" rows={feed.tables?.receivers ?? null} stale={!feed.connected} />
      <footer class="foot">
        “Avg” and “FPS” are means since each client connected, as the relay counts them.
        {feed.at && <> As of {feed.at.toLocaleTimeString(undefined, {hour12: false})}.</>}
      </footer>
    </>
  );
}

const columns = (sizeTitle: string): [Column, string][] => [
  ['topic', 'topic'], ['last', 'last'], ['bytes', sizeTitle], ['perSecond', 'FPS'],
  ['connected', 'Connected'], ['remoteAddr', 'remoteAddr'], ['userAgent', 'userAgent'],
];

function Table({title, sizeTitle, rows, stale}: {title: string; sizeTitle: string; rows: Row[] | null; stale: boolean}) {
  const [order, setOrder] = useState<Order>({column: 'topic', descending: false});
  const shown = sorted(rows ?? [], order, sortValue);
  const sum = totals(shown);
  const sortBy = (column: Column) => setOrder({column, descending: order.column === column && !order.descending});
  return (
    <section aria-labelledby={title}>
      <h2 id={title}>{title}</h2>
      {rows && (
        <p class="sum">
          {sum.clients} client{sum.clients === 1 ? '' : 's'} · {Math.round(sum.perSecond)} messages/s · {bitRate(sum.bytesPerSecond * 8)}
        </p>
      )}
      <div class="frame" data-stale={stale || undefined} tabIndex={0} role="region" aria-labelledby={title}>
        <table>
          <thead>
            <tr>
              {columns(sizeTitle).map(([column, name]) => (
                <th key={column} scope="col" data-column={column} aria-sort={order.column === column ? (order.descending ? 'descending' : 'ascending') : 'none'}>
                  <button onClick={() => sortBy(column)}>{name}</button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, i) => (
              <tr key={`${row.topic} ${row.connected} ${row.remoteAddr} ${i}`}>
                {columns(sizeTitle).map(([column, name]) => (
                  <td key={column} data-title={name} data-column={column} title={titleOf(row, column)}>
                    <span>{shownValue(row, column)}</span>
                  </td>
                ))}
              </tr>
            ))}
            {shown.length === 0 && <tr class="empty"><td colSpan={7}>{rows ? 'none' : ''}</td></tr>}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function shownValue(row: Row, column: Column): string {
  switch (column) {
    case 'last': return shortDuration(row.last);
    case 'bytes': return byteCount(row.bytes);
    case 'perSecond': return String(Math.round(row.perSecond));
    case 'connected': return parseMoment(row.connected)?.toLocaleString(undefined, {dateStyle: 'short', timeStyle: 'medium'}) ?? row.connected;
    default: return row[column];
  }
}

function titleOf(row: Row, column: Column): string | undefined {
  if (column === 'bytes' || column === 'perSecond') return String(row[column]);
  return row[column] || undefined;
}

function sortValue(row: Row, column: Column): string | number {
  switch (column) {
    case 'last': return parseDuration(row.last) ?? Number.MAX_VALUE;
    case 'connected': return parseMoment(row.connected)?.getTime() ?? row.connected;
    default: return row[column];
  }
}
