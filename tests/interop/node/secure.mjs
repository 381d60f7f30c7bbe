// A node with token topics, all on one port, that can be ended and started again there.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {createHmac} from 'node:crypto';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {binary, ours} from './program.mjs';

const secret = 'a-secret-of-the-tests-with-npm-clients';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  return port;
}

const part = value => (Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))).toString('base64url');

export class SecureNode {
  /** `words` are more of the command line. */
  static async start(t, ...words) {
    const node = new SecureNode();
    node.words = words;
    node.output = '';
    node.address = `127.0.0.1:${await freePort()}`;
    node.access = `http://${node.address}`;
    node.folder = await mkdtemp(join(tmpdir(), 'crosspoint-'));
    t.after(async () => {
      if (node.child.exitCode === null) await node.end();
      await rm(node.folder, {recursive: true});
    });
    await node.startAgain();
    return node;
  }

  async startAgain() {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
    this.child = spawn(binary, ['serve', '--listen', this.address, '--access-listen', this.address,
                                '--access-audience', this.access, '--access-url', `ws://${this.address}`,
                                '--access-state-file', join(this.folder, 'access.db'), ...this.words],
                       {env: {...env, CROSSPOINT_ACCESS_SECRET: secret}, stdio: ['ignore', 'pipe', 'pipe']});
    let output = '';
    const started = new Promise((resolve, reject) => {
      const read = text => {
        output += text;
        this.output += text;
        if (output.includes('listening on')) resolve();
      };
      this.child.stdout.setEncoding('utf8').on('data', read);
      this.child.stderr.setEncoding('utf8').on('data', read);
      this.child.once('exit', code => reject(new Error(`ended with ${code}:\n${output}`)));
    });
    await started;
  }

  async end() {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    assert.equal(this.child.exitCode, 0);
  }

  token(claims) {
    const now = Math.floor(Date.now() / 1000);
    const signed = `${part({alg: 'HS256', typ: 'JWT'})}.${part({
      prefix: 'session', booking_id: 'b1', scopes: ['read', 'write'], aud: [this.access], iat: now - 1, nbf: now - 1,
      exp: now + 60, ...claims})}`;
    return `${signed}.${part(createHmac('sha256', secret).update(signed).digest())}`;
  }

  async post(path, token) {
    return fetch(this.access + path, {method: 'POST', headers: {Authorization: token}});
  }

  /** The address that a token is traded for; undefined when it is refused. */
  async exchange(topic, token) {
    const answer = await this.post(`/session/${topic}`, token);
    return (await answer.json()).uri;
  }

  async bids(operation, booking) {
    const admin = this.token({scopes: ['relay:admin'], booking_id: undefined, prefix: undefined});
    const answer = await this.post(`/bids/${operation}?bid=${booking}&exp=${Math.floor(Date.now() / 1000) + 60}`, admin);
    assert.equal(answer.status, 204, await answer.text());
  }
}
