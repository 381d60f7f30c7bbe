// A browser's XMLHttpRequest, as much of it as AutobahnJS's long-poll uses, over node:http. Keeps the paths that were asked for.

import http from 'node:http';

export const asked = [];

export class XMLHttpRequest {
  readyState = 0;
  status = 0;
  statusText = '';
  responseText = '';
  #fields = {};
  #target;

  open(method, url) {
    this.#target = {method, url: new URL(url)};
  }

  setRequestHeader(name, value) {
    this.#fields[name] = value;
  }

  send(body) {
    const {method, url} = this.#target;
    asked.push(url.pathname);
    const request = http.request(url, {method, headers: {...this.#fields, 'Content-Length': Buffer.byteLength(body ?? '')}}, reply => {
      const pieces = [];
      reply.on('data', piece => pieces.push(piece)).on('end', () => this.#done(reply.statusCode, reply.statusMessage, Buffer.concat(pieces)));
    });
    request.on('error', () => this.#done(0, 'network error', Buffer.alloc(0)));
    if (this.timeout > 0) request.setTimeout(this.timeout, () => this.ontimeout?.());
    request.end(body ?? '');
  }

  #done(status, statusText, body) {
    Object.assign(this, {readyState: 4, status, statusText, responseText: body.toString()});
    this.onreadystatechange();
  }
}
