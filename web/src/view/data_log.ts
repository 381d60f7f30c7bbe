// The newest messages of a topic that carries no transport stream, short enough to look at.

const messagesMax = 60;
const textCharactersMax = 4000;
const hexBytesMax = 128;

export interface LoggedMessage {
  number: number;
  at: Date;
  kind: 'text' | 'binary';
  bytes: number;
  shown: string;
  /** More was there than is shown. */
  cut: boolean;
}

export class DataLog {
  private readonly messages: LoggedMessage[] = [];
  private count = 0;

  add(data: string | Uint8Array, at: Date): void {
    this.count++;
    this.messages.unshift(typeof data === 'string' ? textMessage(data, this.count, at) : binaryMessage(data, this.count, at));
    if (this.messages.length > messagesMax) this.messages.pop();
  }

  /** Newest first. */
  get newest(): readonly LoggedMessage[] {
    return this.messages;
  }

  get total(): number {
    return this.count;
  }

  clear(): void {
    this.messages.length = 0;
    this.count = 0;
  }
}

function textMessage(text: string, number: number, at: Date): LoggedMessage {
  const pretty = prettyJson(text) ?? text;
  return {
    number, at, kind: 'text', bytes: new TextEncoder().encode(text).length,
    shown: pretty.slice(0, textCharactersMax), cut: pretty.length > textCharactersMax,
  };
}

function binaryMessage(bytes: Uint8Array, number: number, at: Date): LoggedMessage {
  const text = readableText(bytes);
  return {
    number, at, kind: 'binary', bytes: bytes.length,
    shown: text !== null ? text.slice(0, textCharactersMax) : hexDump(bytes.subarray(0, hexBytesMax)),
    cut: text !== null ? text.length > textCharactersMax : bytes.length > hexBytesMax,
  };
}

function prettyJson(text: string): string | null {
  if (text.length > 64 * 1024 || !/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

/** Text that somebody sent as binary, as many programs do; null if these are no words. */
function readableText(bytes: Uint8Array): string | null {
  if (bytes.length === 0 || bytes.length > 64 * 1024) return null;
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
    // eslint-disable-next-line no-control-regex
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text) ? null : prettyJson(text) ?? text;
  } catch {
    return null;
  }
}

/** "0000  47 40 11 10 …  G@.." sixteen bytes a line. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map(b => b.toString(16).padStart(2, '0')).join(' ');
    const text = row.map(b => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
