// Where a token comes from and where it may stay: out of the address bar at once, in this tab's storage until the tab
// or the viewer forgets it, and nowhere else.

import {credentialOf, type Credential} from './token';

interface Bar {
  pathname: string;
  search: string;
  hash: string;
}

/**
 * `#token=…` or `#code=…` of the page's address, which no server has seen, and the address without it; also `?code=…` or
 * `?token=…` where the page says that this is for the relay's door, not a parameter like any other.
 */
export function splitAddress(bar: Bar, inQuery: 'code' | 'token' | null): {credential: Credential | null; rest: string} {
  const fragment = new URLSearchParams(bar.hash.slice(1));
  const query = new URLSearchParams(bar.search);
  const given = fragment.get('token') ?? fragment.get('code') ?? (inQuery && query.get(inQuery));
  const without = (parameters: URLSearchParams, whole: string, mark: string, names: string[]) => {
    if (!names.some(name => parameters.has(name))) return whole;
    for (const name of names) parameters.delete(name);
    const left = parameters.toString();
    return left && mark + left;
  };
  return {
    credential: given === null ? null : credentialOf(given),
    rest: bar.pathname + without(query, bar.search, '?', inQuery ? [inQuery] : []) + without(fragment, bar.hash, '#', ['token', 'code']),
  };
}

/** Takes it out of the address bar, and out of this tab's history. */
export function takeFromAddress(inQuery: 'code' | 'token' | null = null): Credential | null {
  const {credential, rest} = splitAddress(location, inQuery);
  if (rest !== location.pathname + location.search + location.hash) history.replaceState(history.state, '', rest);
  return credential;
}

// One for each topic: a tab that goes on to another topic shows that one no foreign token.
const keyOf = (topic: string) => `crosspoint.token ${topic}`;

export function keep(topic: string, token: string): void {
  try {
    sessionStorage.setItem(keyOf(topic), token);
  } catch {
    // storage may be forbidden: then a reload asks again
  }
}

export function kept(topic: string): Credential | null {
  try {
    return credentialOf(sessionStorage.getItem(keyOf(topic)) ?? '');
  } catch {
    return null;
  }
}

export function forget(topic: string): void {
  try {
    sessionStorage.removeItem(keyOf(topic));
  } catch {
    // nothing was kept
  }
}
