// Asks the relay for its statistics, at once and then every five seconds. A report is one message per client and
// has no end mark: it is taken as whole when nothing more has come for a moment.

import {Connection} from '../net/connection';
import {parseRow, type Tables} from './rows';

export interface Feed {
  tables: Tables | null;
  connected: boolean;
  at: Date | null;
}

const refreshMilliseconds = 5_000;
const pauseMilliseconds = 250;
const emptyMilliseconds = 1_000;  // a relay without clients answers nothing at all
const rowsMax = 20_000;
// The old page's very request: the JSON string "-".
const request = '"-"';

const none = (): Tables => ({broadcasters: [], receivers: []});

export class StatsFeed {
  private readonly connection: Connection;
  private collecting = none();
  private rows = 0;
  private refresh = 0;
  private whole = 0;
  private state: Feed = {tables: null, connected: false, at: null};

  constructor(url: string, private readonly changed: (feed: Feed) => void) {
    this.connection = new Connection(async () => url, {
      connecting: () => {},
      opened: () => {
        this.set({connected: true});
        this.ask();
      },
      message: data => this.take(data),
      ended: () => ({again: true, leastSeconds: 0}),
      closed: () => {
        clearTimeout(this.refresh);
        clearTimeout(this.whole);
        this.set({connected: false});
      },
    });
  }

  start(): void {
    this.connection.start();
  }

  stop(): void {
    clearTimeout(this.refresh);
    clearTimeout(this.whole);
    this.connection.stop();
  }

  private ask(): void {
    this.collecting = none();
    this.rows = 0;
    this.connection.send(request);
    this.finishIn(emptyMilliseconds);
    this.refresh = window.setTimeout(() => this.ask(), refreshMilliseconds);
  }

  private take(data: string | ArrayBuffer): void {
    const parsed = typeof data === 'string' ? parseRow(data) : null;
    if (!parsed || this.rows >= rowsMax) return;
    this.rows++;
    this.collecting[parsed.table].push(parsed.row);
    this.finishIn(pauseMilliseconds);
  }

  private finishIn(milliseconds: number): void {
    clearTimeout(this.whole);
    this.whole = window.setTimeout(() => this.set({tables: this.collecting, at: new Date()}), milliseconds);
  }

  private set(part: Partial<Feed>): void {
    this.state = {...this.state, ...part};
    this.changed(this.state);
  }
}
