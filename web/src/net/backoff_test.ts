import {describe, expect, test} from 'vitest';

import {Backoff} from './backoff';

describe('Backoff', () => {
  test('waits 1, 2, 4, 8, then always 10 seconds', () => {
    const backoff = new Backoff(() => 0.5);
    expect([1, 2, 3, 4, 5, 6, 7].map(() => backoff.next())).toEqual([1, 2, 4, 8, 10, 10, 10]);
  });

  test('spreads the attempts of many by a quarter each way', () => {
    expect(new Backoff(() => 0).next()).toBe(0.75);
    expect(new Backoff(() => 1).next()).toBe(1.25);
  });

  test('begins again after success', () => {
    const backoff = new Backoff(() => 0.5);
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(1);
  });
});
