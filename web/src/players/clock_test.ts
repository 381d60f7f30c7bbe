import {describe, expect, test} from 'vitest';

import {PlayoutClock} from './clock';

describe('PlayoutClock', () => {
  test('shows regular pictures almost at once, evenly', () => {
    const clock = new PlayoutClock(0.5);
    for (let i = 0; i < 100; i++) clock.arrived(i * 0.04, 50 + i * 0.04);
    expect(clock.due(4)).toBeCloseTo(54.02, 2);
  });

  test('waits as long as the latest of the last seconds was late', () => {
    const clock = new PlayoutClock(0.5);
    for (let i = 0; i < 40; i++) clock.arrived(i * 0.04, 50 + i * 0.04 + (i % 10 === 9 ? 0.1 : 0));
    expect(clock.due(2)).toBeCloseTo(52.1, 2);
  });

  test('a burst at the beginning does not become delay', () => {
    const clock = new PlayoutClock(0.5);
    for (let i = 0; i < 12; i++) clock.arrived(i * 0.04, 50);
    for (let i = 12; i < 400; i++) clock.arrived(i * 0.04, 50 + (i - 11) * 0.04);
    expect(clock.due(15.96) - (50 + 15.52)).toBeLessThan(0.05);
  });

  test('never waits longer than it may', () => {
    const clock = new PlayoutClock(0.5);
    clock.arrived(0, 50);
    clock.arrived(0.04, 53);
    expect(clock.delaySeconds).toBe(0.5);
  });

  test('everything is due before anything is known', () => {
    expect(new PlayoutClock(0.5).due(12345)).toBe(0);
  });
});
