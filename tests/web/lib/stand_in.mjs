// A relay as other people run them: it extends nothing, it may be busy, it closes connections with words of its own, and
// it lies behind a reverse proxy's prefix. Scripted, after the specification of the relay that Crosspoint replaces: the
// access exchange and /session/TOPIC?code=…. The pages come from the running node, so that they are the ones that users
// get, and are served from the same address, as a node would.

import {randomUUID} from 'node:crypto';
import http from 'node:http';
import {WebSocketServer} from 'ws';

import {nowSeconds, verified} from './tokens.mjs';

class Refusal extends Error {
  constructor(status, body, headers = {}) {
    super(JSON.stringify(body));
    Object.assign(this, {status, headers});
  }
}

const coded = (status, message) => new Refusal(status, {code: status, message});

export class StandIn {
  /** `prefix`: what a reverse proxy put before all paths. */
  constructor({pages, secret, prefix = ''}) {
    Object.assign(this, {pages, secret, prefix});
    this.codes = new Map();
    this.members = new Set();
    this.busy = null;          // an answer for all who ask, in place of the real one
    this.exchanges = 0;
    this.asked = [];           // every path, as it would stand in a server's log
    this.sockets = new WebSocketServer({noServer: true});
    this.server = http.createServer((request, response) => void this.answer(request, response));
    this.server.on('upgrade', (...upgrade) => this.upgrade(...upgrade));
  }

  async start() {
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${this.server.address().port}${this.prefix}`;
    this.audience = this.base;
  }

  async stop() {
    for (const member of this.members) member.socket.terminate();
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  // --- HTTP

  async answer(request, response) {
    this.asked.push(request.url);
    const path = this.pathOf(request.url);
    try {
      const [, topic] = /^\/session\/([^/]+)$/.exec(path) ?? [];
      if (path === '/view-config.json') return json(response, {open: false, secure: true, access: ''});
      if (topic && request.method === 'POST') return json(response, this.exchange(request, decodeURIComponent(topic)));
      if (request.method === 'POST') throw coded(404, `path ${path} was not found`);
      return await this.page(path, response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, {'Content-Type': 'application/json', ...error.headers}).end(`${error.message}\n`);
    }
  }

  pathOf(url) {
    return url.startsWith(`${this.prefix}/`) ? url.slice(this.prefix.length) : '/behind-the-prefix-only';
  }

  exchange(request, topic) {
    this.exchanges++;
    const claims = this.admitted(request, topic);
    const code = randomUUID();
    this.codes.set(code, claims);
    return {uri: `${this.base.replace(/^http/, 'ws')}/session/${topic}?code=${code}`};
  }

  admitted(request, topic) {
    const claims = this.verified(request);
    if (claims.topic !== topic) throw new Refusal(401, 'Token Wrong Topic');
    return claims;
  }

  /** Vague as the old relay where it was vague. */
  verified(request) {
    if (this.busy) throw new Refusal(this.busy.status, this.busy.body, this.busy.headers);
    const claims = verified(request.headers.authorization, this.secret);
    const now = nowSeconds();
    if (!claims || claims.exp <= now || claims.nbf > now) throw coded(401, 'token invalid');
    if (![claims.aud].flat().includes(this.audience)) throw coded(401, `aud [${claims.aud}] does not match this host ${this.audience}`);
    return claims;
  }

  async page(path, response) {
    const {status, headers, body} = await fetchPage(this.pages + path);
    response.writeHead(status, headers).end(body);
  }

  // --- topics

  upgrade(request, socket, head) {
    const url = new URL(this.pathOf(request.url), 'http://relay');
    const claims = this.codes.get(url.searchParams.get('code'));
    this.codes.delete(url.searchParams.get('code'));
    if (!claims || decodeURIComponent(url.pathname) !== `/session/${claims.topic}`) {
      return socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    }
    this.sockets.handleUpgrade(request, socket, head, opened => this.join(opened, claims));
  }

  join(socket, claims) {
    const member = {socket, claims};
    this.members.add(member);
    const expiry = setTimeout(() => socket.close(1008, 'token expired'), claims.exp * 1000 - Date.now());
    socket.on('message', (data, binary) => this.deliver(member, data, binary));
    socket.on('close', () => {
      clearTimeout(expiry);
      this.members.delete(member);
    });
  }

  deliver(sender, data, binary) {
    if (!sender.claims.scopes.includes('write')) return;
    for (const member of this.members) {
      if (member === sender || member.claims.topic !== sender.claims.topic || !member.claims.scopes.includes('read')) continue;
      member.socket.send(data, {binary});
    }
  }
}

function json(response, value) {
  response.writeHead(200, {'Content-Type': 'application/json'}).end(`${JSON.stringify(value)}\n`);
}

const fetchPage = url => new Promise((resolve, reject) => {
  http.get(url, async answer => resolve({status: answer.statusCode, headers: answer.headers, body: await bytesOf(answer)})).on('error', reject);
});

async function bytesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
