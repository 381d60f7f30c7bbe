// Which topic a page shows, from the page's own address:
//
//   /view/video0              plays /out/video0
//   /view/lab/front           plays /out/lab/front
//   /view/?topic=/foo/bar     plays /foo/bar, for topics that do not lie under /out/
//
// Every other parameter is handed on to the WebSocket, for what the relay may be told there. On a node whose topics
// need tokens, /view/video0 and /view/session/video0 are the topic `video0`. What stands before /view/ is a reverse
// proxy's affair, and stands before everything that the page asks for.

import type {NodeConfig} from '../access/config';

interface PageLocation {
  protocol: string;
  host: string;
  pathname: string;
  search: string;
}

export interface Address {
  /** The WebSocket path, percent-encoded where need be; null if the page's address names no topic. */
  path: string | null;
  /** The topic as a person writes it. */
  topic: string;
  url: string;
}

export function addressOf(location: PageLocation): Address {
  const parameters = new URLSearchParams(location.search);
  const asked = parameters.get('topic');
  parameters.delete('topic');
  const path = asked ? encodeTopic(asked) : pathUnderOut(location.pathname);
  const query = parameters.toString();
  return {
    path,
    topic: path ? decode(path) : '',
    url: path ? `${socketBase(location)}${path}${query ? `?${query}` : ''}` : '',
  };
}

/**
 * The topic behind the relay's own door, decoded; null if the page's address names none there. On a node that has open
 * topics as well, only what lies under /session/ is behind the door, or what the viewer brings a key for.
 */
export function securedTopicOf(location: PageLocation, config: NodeConfig, hasCredential: boolean): string | null {
  if (!config.secure) return null;
  const asked = new URLSearchParams(location.search).get('topic');
  const path = asked ? asked.replace(/^\/+/, '') : decode(nameAfterView(location.pathname) ?? '');
  const named = path.startsWith('session/');
  if (!named && config.open && !hasCredential) return null;
  return (named ? path.slice('session/'.length) : path) || null;
}

/** Where a one-time code opens a topic of this node. */
export function codeAddress(location: PageLocation, topic: string, code: string): string {
  return `${socketBase(location)}/session${encodeTopic(topic)}?code=${encodeURIComponent(code)}`;
}

/** What a reverse proxy put before the node's own paths; "" or "/lab/relay". */
export const prefixOf = (pathname: string) => /^(.*?)\/(?:view|stats)(?:\/|$)/.exec(pathname)?.[1] ?? '';

function socketBase(location: PageLocation): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}${prefixOf(location.pathname)}`;
}

function encodeTopic(topic: string): string {
  const path = topic.startsWith('/') ? topic : `/${topic}`;
  return path.split('/').map(encodeURIComponent).join('/');
}

function pathUnderOut(pathname: string): string | null {
  const name = nameAfterView(pathname);
  return name ? `/out/${name}` : null;
}

const nameAfterView = (pathname: string) => /^.*?\/view\/(.*?)\/*$/.exec(pathname)?.[1];

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
