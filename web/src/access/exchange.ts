// What the page asks of the access service: a token for the address of a topic, more time for a living connection,
// and the status of all connections. How it reaches the network is an argument. What does not succeed throws Refused,
// and nothing else.

import {skewOf} from './expiry';
import {Refused, refusalOf} from './refusal';

export interface Wire {
  fetch: typeof fetch;
  now(): number;  // seconds since 1970, of this computer's clock
  pageOrigin: string;
}

export const browserWire = (): Wire => ({
  fetch: (...request) => fetch(...request),
  now: () => Date.now() / 1000,
  pageOrigin: location.origin,
});

export interface Admittance {
  url: string;  // carries a code that works once
  /** By which the connection to come is extended: its code, unless the relay gives another name. */
  connection: string | null;
  /** How much later the relay's clock stands. */
  skewSeconds: number;
}

const answerMilliseconds = 10_000;

/** One path segment, whatever the topic holds: access takes no second one. */
const sessionUrl = (base: string, topic: string) => `${base}/session/${encodeURIComponent(topic)}`;

export async function requestAddress(wire: Wire, base: string, topic: string, token: string): Promise<Admittance> {
  const {body, skewSeconds} = await ask(wire, sessionUrl(base, topic), token, 'POST', '{}');
  const {uri, connection} = (body ?? {}) as Record<string, unknown>;
  if (typeof uri !== 'string' || !/^wss?:\/\//.test(uri)) throw new Refused({kind: 'missing', said: ''});
  if (wire.pageOrigin.startsWith('https:') && uri.startsWith('ws://')) {
    throw new Refused({kind: 'insecure', said: 'It begins with ws://, and a browser opens only wss:// from a page that came over https.'});
  }
  return {url: uri, connection: typeof connection === 'string' ? connection : codeIn(uri), skewSeconds};
}

/** The code that an address carries. */
export function codeIn(url: string): string | null {
  try {
    return new URL(url).searchParams.get('code');
  } catch {
    return null;
  }
}

export interface Extension {
  expires: number | null;
  connections: number;
}

/** Without a connection's name the relay extends all of the token's booking on the topic. */
export async function requestExtension(
  wire: Wire, base: string, topic: string, token: string, connection: string | null): Promise<Extension> {
  const url = `${sessionUrl(base, topic)}/refresh`;
  const {body} = await ask(wire, url, token, 'POST', connection === null ? null : JSON.stringify({connection}));
  const {expires_at: expiresAt, connections} = (body ?? {}) as Record<string, unknown>;
  const expires = typeof expiresAt === 'string' ? Date.parse(expiresAt) / 1000 : NaN;
  return {expires: Number.isFinite(expires) ? expires : null, connections: typeof connections === 'number' ? connections : 0};
}

/** One object per connection, as the relay wrote them. */
export async function requestStatus(wire: Wire, base: string, token: string): Promise<unknown[]> {
  const {body} = await ask(wire, `${base}/status`, token, 'GET', null);
  if (!Array.isArray(body)) throw new Refused({kind: 'missing', said: ''});
  return body;
}

async function ask(wire: Wire, url: string, token: string, method: 'GET' | 'POST', body: string | null) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), answerMilliseconds);
  try {
    const answer = await wire.fetch(url, {
      method, body, signal: giveUp.signal, cache: 'no-store', referrerPolicy: 'no-referrer',
      headers: {Authorization: token, Accept: 'application/json', ...(body === null ? {} : {'Content-Type': 'application/json'})},
    });
    const text = await answer.text();
    if (!answer.ok) throw new Refused(refusalOf(answer.status, text, answer.headers.get('Retry-After')));
    return {body: parsed(text), skewSeconds: skewOf(answer.headers.get('Date'), wire.now())};
  } catch (error) {
    // fetch says no more than that it failed, also where a relay on another host refused without allowing us to read.
    const hidden = !url.startsWith(`${wire.pageOrigin}/`);
    throw error instanceof Refused ? error : new Refused({kind: 'unreachable', said: '', hidden});
  } finally {
    clearTimeout(timer);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
