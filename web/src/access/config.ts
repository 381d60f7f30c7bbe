// What the node says its pages need: view-config.json beside them.
//
//   {"open": true, "token": false, "secure": false, "access": ""}
//
// `token`: open topics are for those who show a token with the handshake. `access` is the access service's base, absolute; empty if it is where the pages are. A node that does not say is an open one.

export interface NodeConfig {
  open: boolean;
  /** Open topics want a token with the handshake. */
  token: boolean;
  secure: boolean;
  /** Without a slash at its end. */
  access: string;
}

const answerMilliseconds = 10_000;

/** null: no node answered, ask again. `base` is where the pages are, without a slash at its end. */
export function configOf(status: number, text: string, base: string): NodeConfig | null {
  if (status >= 500) return null;
  const open = {open: true, token: false, secure: false, access: base};
  if (status !== 200) return open;
  try {
    const said = (JSON.parse(text) ?? {}) as Record<string, unknown>;
    const token = said.token === true;
    if (said.secure !== true) return {...open, token};
    const access = typeof said.access === 'string' ? said.access.replace(/\/+$/, '') : '';
    return {open: said.open === true, token, secure: true, access: /^https?:\/\//.test(access) ? access : base};
  } catch {
    return open;  // a proxy's page in its place
  }
}

export async function loadConfig(get: typeof fetch, base: string): Promise<NodeConfig | null> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), answerMilliseconds);
  try {
    const answer = await get(`${base}/view-config.json`, {signal: giveUp.signal, cache: 'no-cache'});
    return configOf(answer.status, await answer.text(), base);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
