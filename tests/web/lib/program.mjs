// The program itself, for tests that start more of it than tests/web/run has started.

import {spawn} from 'node:child_process';
import net from 'node:net';

const binary = process.env.CROSSPOINT_PROGRAM;
export const hasProgram = Boolean(binary);

const startMilliseconds = 20_000;

/** A port of loopback that was free a moment ago: an address of topics has to be named before anybody listens there. */
export const freePort = () => new Promise((resolve, reject) => {
  const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => resolve(port));
  });
});

/** `crosspoint ARGUMENTS` until the test ends; resolves to the address that it says it listens on. */
export async function start(t, ...args) {
  const ours = /^(CROSSPOINT|CROSSBAR_|VW_|RELAY_)/;  // the tests' own variables are no settings
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const running = spawn(binary, args, {env, stdio: ['ignore', 'pipe', 'pipe']});
  const ended = new Promise(resolve => running.once('exit', resolve));
  t.after(async () => {
    running.kill('SIGTERM');
    await ended;
  });
  // The demo's host says where it listens as well.
  const address = args[0] === 'demo' ? /open this: +http:\/\/([0-9.]+:[0-9]+)/ : /listening on (?:https?:\/\/)?([0-9.]+:[0-9]+)/;
  let said = '';
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`crosspoint ${args[0]} does not listen:\n${said}`));
    const timer = setTimeout(giveUp, startMilliseconds);
    const hear = text => {
      said += text;
      const found = address.exec(said);
      if (!found) return;
      clearTimeout(timer);
      resolve(`http://${found[1]}`);
    };
    running.stdout.on('data', hear);
    running.stderr.on('data', hear);
    running.once('exit', giveUp);
  });
}

/** A node whose access service has a port of its own: `access` is that, `base` where topics and pages are. */
export async function startSplitNode(t, secret, audience) {
  const [topics, access] = [await freePort(), await freePort()];
  // By another name than the one that the pages are opened at: another origin.
  const base = await start(t, 'serve', '--listen', `127.0.0.1:${topics}`, '--access-listen', `127.0.0.1:${access}`,
    '--access-url', `ws://localhost:${topics}`, '--access-secret', secret, '--access-audience', audience, '--access-state-file', 'none');
  return {base, access: `http://127.0.0.1:${access}`};
}

/** A host beside an experiment; `feed` is where ffmpeg posts stream `name`. */
export async function startHost(t) {
  const base = await start(t, 'host', '--listen', '127.0.0.1:0');
  const api = async (method, path, body) => {
    const answer = await fetch(`${base}${path}`, {method, body: body && JSON.stringify(body)});
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    feed: name => `${base}/ts/${name}`,
    addDestination: rule => api('POST', '/api/destinations', rule),
  };
}
