// A relay whose topics need tokens, as scripted as the tests need it: the access exchange, /refresh, /status, /bids/deny
// and /session/TOPIC?code=…, after the specification of the relay that Crosspoint replaces. The pages come from the
// running node, so that they are the ones that users get, and are served from the same address, as a node would.

import {randomUUID} from 'node:crypto';
import http from 'node:http';
import {WebSocketServer} from 'ws';

import {nowSeconds, verified} from './tokens.mjs';

const statsMilliseconds = 1000;

class Refusal extends Error {
  constructor(status, body, headers = {}) {
    super(JSON.stringify(body));
    Object.assign(this, {status, headers});
  }
}

const coded = (status, message) => new Refusal(status, {code: status, message});

export class StandIn {
  /** `prefix`: what a reverse proxy put before all paths. `open`: the node has open topics too. */
  constructor({pages, secret, prefix = '', open = false, extending = true}) {
    Object.assign(this, {pages, secret, prefix, open, extending});
    this.codes = new Map();
    this.members = new Map();  // connection name → member
    this.denied = new Set();
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
    this.ticking = setInterval(() => this.report(), statsMilliseconds);
  }

  async stop() {
    clearInterval(this.ticking);
    for (const member of this.members.values()) member.socket.terminate();
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  // --- HTTP

  async answer(request, response) {
    this.asked.push(request.url);
    const path = this.pathOf(request.url);
    try {
      const [, topic, refresh] = /^\/session\/([^/]+)(\/refresh)?$/.exec(path) ?? [];
      if (path === '/view-config.json') return json(response, {open: this.open, secure: true, access: ''});
      if (topic && request.method === 'POST') {
        const body = await bodyOf(request);
        return json(response, refresh ? this.refresh(request, decodeURIComponent(topic), body) : this.exchange(request, decodeURIComponent(topic)));
      }
      if (path === '/status') return json(response, this.status(request));
      if (path.startsWith('/bids/deny')) return this.deny(request, response);
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
    const [code, connection] = [randomUUID(), randomUUID()];
    this.codes.set(code, {claims, connection});
    return {uri: `${this.base.replace(/^http/, 'ws')}/session/${topic}?code=${code}`, connection};
  }

  refresh(request, topic, body) {
    if (!this.extending) throw coded(404, `path ${request.url} was not found`);
    const claims = this.admitted(request, topic);
    const asked = body ? JSON.parse(body).connection : null;
    const meant = [...this.members.values()].filter(member =>
      member.claims.topic === topic && (asked ? member.name === asked : member.claims.booking_id === claims.booking_id));
    for (const member of meant) this.admitUntil(member, claims);
    return {expires_at: rfc3339(claims.exp), connections: meant.length};
  }

  admitted(request, topic) {
    const claims = this.verified(request);
    if (claims.topic !== topic) throw new Refusal(401, 'Token Wrong Topic');
    if (this.denied.has(claims.booking_id)) {
      throw new Refusal(400, {code: '400', message: 'bookingID has been deny-listed, probably because the session was cancelled'});
    }
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

  status(request) {
    if (!this.verified(request).scopes.includes('relay:stats')) {
      throw new Refusal(401, {code: '401', message: 'token missing relay:stats scope'});
    }
    return this.reports().map(({canRead, canWrite, connected, expiresAt, remoteAddr, userAgent, messagesIn, messagesOut, bytesIn, bytesOut, waitingBytes, ...same}) => ({
      ...same, ...(canRead && {can_read: true}), ...(canWrite && {can_write: true}), connected_at: connected, expires_at: expiresAt,
      remote_addr: remoteAddr, user_agent: userAgent, messages_in: messagesIn, messages_out: messagesOut, bytes_in: bytesIn,
      bytes_out: bytesOut, waiting_bytes: waitingBytes,
    }));
  }

  deny(request, response) {
    if (!this.verified(request).scopes.includes('relay:admin')) throw new Refusal(401, {code: '401', message: 'token missing relay:admin scope'});
    const booking = new URL(request.url, this.base).searchParams.get('bid');
    this.denied.add(booking);
    for (const member of this.members.values()) {
      if (member.claims.booking_id === booking) member.socket.close(1008, 'booking cancelled');
    }
    response.writeHead(204).end();
  }

  async page(path, response) {
    const {status, headers, body} = await fetchPage(this.pages + path);
    response.writeHead(status, headers).end(body);
  }

  // --- topics

  upgrade(request, socket, head) {
    const url = new URL(this.pathOf(request.url), 'http://relay');
    const admitted = this.codes.get(url.searchParams.get('code'));
    this.codes.delete(url.searchParams.get('code'));
    if (!admitted || decodeURIComponent(url.pathname) !== `/session/${admitted.claims.topic}`) {
      return socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    }
    this.sockets.handleUpgrade(request, socket, head, opened => this.join(opened, request, admitted));
  }

  join(socket, request, {claims, connection}) {
    const member = {
      name: connection, socket, claims, connected: rfc3339(nowSeconds()), userAgent: request.headers['user-agent'] ?? '',
      counts: {messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0},
    };
    this.members.set(member.name, member);
    this.admitUntil(member, claims);
    socket.on('message', (data, binary) => this.deliver(member, data, binary));
    socket.on('close', () => {
      clearTimeout(member.expiry);
      this.members.delete(member.name);
    });
  }

  admitUntil(member, claims) {
    member.claims = claims;
    clearTimeout(member.expiry);
    member.expiry = setTimeout(() => member.socket.close(1008, 'token expired'), claims.exp * 1000 - Date.now());
  }

  deliver(sender, data, binary) {
    if (!sender.claims.scopes.includes('write')) return;
    count(sender, 'In', data);
    for (const member of this.members.values()) {
      if (member === sender || member.claims.topic !== sender.claims.topic || !member.claims.scopes.includes('read')) continue;
      member.socket.send(data, {binary});
      count(member, 'Out', data);
    }
  }

  report() {
    const text = JSON.stringify(this.reports());
    for (const {claims, socket} of this.members.values()) {
      if (claims.topic === 'stats' && claims.scopes.includes('read')) socket.send(text);
    }
  }

  reports() {
    return [...this.members.values()].map(({name, claims, connected, userAgent, counts}) => ({
      canRead: claims.scopes.includes('read'), canWrite: claims.scopes.includes('write'), connected, expiresAt: rfc3339(claims.exp),
      remoteAddr: '127.0.0.1', scopes: claims.scopes, topic: claims.topic, userAgent, id: name, ...counts, dropped: 0, waitingBytes: 0,
      media: claims.topic === 'stats' ? '' : 'mpeg1video 640x360 25 fps + mp2 44100 Hz',
    }));
  }
}

const rfc3339 = seconds => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

function count(member, way, data) {
  member.counts[`messages${way}`]++;
  member.counts[`bytes${way}`] += data.length;
}

function json(response, value) {
  response.writeHead(200, {'Content-Type': 'application/json'}).end(`${JSON.stringify(value)}\n`);
}

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const fetchPage = url => new Promise((resolve, reject) => {
  http.get(url, async answer => resolve({status: answer.statusCode, headers: answer.headers, body: await bytesOf(answer)})).on('error', reject);
});

async function bytesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
