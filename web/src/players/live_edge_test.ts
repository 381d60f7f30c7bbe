import {describe, expect, test} from 'vitest';

import {keepUp, Reserve} from './live_edge';

const at = (position: number, end: number, rate = 1, target = 0.3) => keepUp({position, rate, ranges: [[0, end]], target});

describe('keepUp', () => {
  test('leaves a playhead alone that is where it should be', () => {
    expect(at(10, 10.3)).toEqual({seekTo: null, rate: 1});
    expect(at(10, 10.6)).toEqual({seekTo: null, rate: 1});
  });

  test('hurries when it falls behind, until it is back', () => {
    expect(at(10, 10.8).rate).toBe(1.1);
    expect(at(10, 12).rate).toBe(1.25);
    expect(at(10, 10.5, 1.1).rate).toBe(1.1);
    expect(at(10, 10.25, 1.1).rate).toBe(1);
  });

  test('jumps when it is far behind', () => {
    expect(at(10, 20)).toEqual({seekTo: 19.7, rate: 1});
  });

  test('begins where the data begins', () => {
    expect(keepUp({position: 0, rate: 1, ranges: [[1.4, 1.6]], target: 0.3}).seekTo).toBe(1.4);
  });

  test('steps over a hole once it has played what lies before it', () => {
    const ranges: [number, number][] = [[0, 10], [12, 12.5]];
    expect(keepUp({position: 9.5, rate: 1, ranges, target: 0.3}).seekTo).toBeNull();
    expect(keepUp({position: 9.99, rate: 1, ranges, target: 0.3}).seekTo).toBe(12);
  });

  test('comes back when the time line began anew behind it', () => {
    expect(at(100, 5).seekTo).toBeCloseTo(4.7);
  });

  test('does nothing without data', () => {
    expect(keepUp({position: 3, rate: 1.25, ranges: [], target: 0.3})).toEqual({seekTo: null, rate: 1});
  });
});

describe('Reserve', () => {
  test('grows when the picture runs dry, to a limit, and shrinks again in calm', () => {
    const reserve = new Reserve();
    const least = reserve.target;
    for (let now = 10; now < 40; now += 2) reserve.ranDry(now);
    expect(reserve.target).toBe(1.5);
    for (let now = 40; now < 1000; now++) reserve.tick(now);
    expect(reserve.target).toBeCloseTo(least);
  });

  test('one stutter counts once', () => {
    const reserve = new Reserve();
    reserve.ranDry(10);
    const once = reserve.target;
    reserve.ranDry(10.2);
    expect(reserve.target).toBe(once);
  });
});
