import {describe, expect, test} from 'vitest';

import {parseDuration, parseMoment, shortDuration} from './duration';
import {parseRow, type Row, sorted, totals} from './rows';

// A message as the old relay wrote it.
const message = '{"topic":"/out/video","broadcaster":true,"connected":"2026-11-20 23:59:55.745670924 +0000 UTC m=+4.002269099",' +
  '"remoteAddr":"10.1.2.3, 10.9.9.9","userAgent":"cam/1","stats":{"tx":{"last":"101.051177ms","size":1000,"fps":9.947868929019773},' +
  '"rx":{"last":"Never","size":0,"fps":0}}}';

describe('durations', () => {
  test('are read in every unit', () => {
    const rows: [string, number | null][] = [
      ['101.051177ms', 0.101051177], ['3.772274933s', 3.772274933], ['1m2.5s', 62.5], ['2h3m4s', 7384], ['0s', 0],
      ['15µs', 15e-6], ['7ns', 7e-9], ['Never', null], ['', null], ['5', null], ['s', null], ['1.2.3s', null], ['-5s', null],
    ];
    for (const [text, seconds] of rows) {
      if (seconds === null) expect(parseDuration(text), text).toBeNull();
      else expect(parseDuration(text), text).toBeCloseTo(seconds, 9);
    }
  });

  test('are shown shortly', () => {
    expect(['50.4ms', '3.77s', '42.4s', '4m7.9s', '2h3m4s', 'Never'].map(shortDuration)).toEqual(
      ['50 ms', '3.8 s', '42 s', '4 min 7 s', '2 h 3 min', 'Never']);
  });

  test('a moment is read without its process-relative part', () => {
    expect(parseMoment('2026-11-20 23:59:55.745670924 +0000 UTC m=+4.002269099')?.toISOString()).toBe('2026-11-20T23:59:55.745Z');
    expect(parseMoment('2026-11-20 23:59:55 +0130 CET')?.toISOString()).toBe('2026-11-20T22:29:55.000Z');
    expect(parseMoment('yesterday')).toBeNull();
  });
});

describe('parseRow', () => {
  test('a sender shows what it sent', () => {
    expect(parseRow(message)).toEqual({
      table: 'broadcasters',
      row: {
        topic: '/out/video', last: '101.051177ms', bytes: 1000, perSecond: 9.947868929019773, userAgent: 'cam/1',
        connected: '2026-11-20 23:59:55.745670924 +0000 UTC m=+4.002269099', remoteAddr: '10.1.2.3, 10.9.9.9',
      },
    });
  });

  test('a receiver shows what it was given', () => {
    expect(parseRow(message.replace('true', 'false'))).toMatchObject({table: 'receivers', row: {last: 'Never', bytes: 0, perSecond: 0}});
  });

  test('fields that are missing or wrong are empty, and what is no report is left out', () => {
    expect(parseRow('{"topic":"/x","stats":{"rx":{"fps":"many"}}}')).toEqual({
      table: 'receivers', row: {topic: '/x', last: '', bytes: 0, perSecond: 0, connected: '', remoteAddr: '', userAgent: ''}});
    for (const bad of ['', 'null', '[]', '7', '"-"', '{"topic":5}', '{"broadcaster":true}', '{']) expect(parseRow(bad), bad).toBeNull();
  });
});

describe('tables', () => {
  const row = (topic: string, bytes: number, perSecond: number): Row => ({...parseRow(message)!.row, topic, bytes, perSecond});
  const rows = [row('/b10', 5, 1), row('/b9', 300, 2), row('/a', 20, 3)];

  test('sort by number as numbers and by name as people count', () => {
    const order = (column: 'bytes' | 'topic', descending: boolean) =>
      sorted(rows, {column, descending}, (r, c) => r[c]).map(r => r.topic).join(' ');
    expect(order('bytes', false)).toBe('/b10 /a /b9');
    expect(order('bytes', true)).toBe('/b9 /a /b10');
    expect(order('topic', false)).toBe('/a /b9 /b10');
  });

  test('have totals', () => {
    expect(totals(rows)).toEqual({clients: 3, perSecond: 6, bytesPerSecond: 5 + 600 + 60});
    expect(totals([])).toEqual({clients: 0, perSecond: 0, bytesPerSecond: 0});
  });
});
