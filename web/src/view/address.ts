// Which topic a page shows, from the page's own address:
//
//   /view/video0              plays /out/video0
//   /view/lab/front           plays /out/lab/front
//   /view/?topic=/foo/bar     plays /foo/bar, for topics that do not lie under /out/
//
// Every other parameter is handed on to the WebSocket, for what the relay may be told there.

export interface Address {
  /** The WebSocket path, percent-encoded where need be; null if the page's address names no topic. */
  path: string | null;
  /** The topic as a person writes it. */
  topic: string;
  url: string;
}

export function addressOf(location: {protocol: string; host: string; pathname: string; search: string}): Address {
  const parameters = new URLSearchParams(location.search);
  const asked = parameters.get('topic');
  parameters.delete('topic');
  const path = asked ? encodeTopic(asked) : pathUnderOut(location.pathname);
  const query = parameters.toString();
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    path,
    topic: path ? decode(path) : '',
    url: path ? `${scheme}//${location.host}${path}${query ? `?${query}` : ''}` : '',
  };
}

function encodeTopic(topic: string): string {
  const path = topic.startsWith('/') ? topic : `/${topic}`;
  return path.split('/').map(encodeURIComponent).join('/');
}

function pathUnderOut(pathname: string): string | null {
  const name = /^\/view\/(.*?)\/*$/.exec(pathname)?.[1];
  return name ? `/out/${name}` : null;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
