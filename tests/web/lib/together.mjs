// Tests that mostly wait: their bodies run side by side, and each is told of by its own name.

import {test} from 'node:test';

/**
 * `cases`: [name, body] each, `width` of them at a time; a body is given what a test's context is used for here, `after`.
 * The time limit of each is counted from when it is waited for.
 */
export function together(options, cases, width = 2) {
  let running = null;
  // Begun when the first of them is wanted, so that those before it have the machine for themselves.
  const begin = () => running ??= new Map(runAll(cases, width));
  for (const [name] of cases) test(name, options, () => begin().get(name));
}

function* runAll(cases, width) {
  const lanes = Array.from({length: width}, () => Promise.resolve());
  for (const [i, [name, body]] of cases.entries()) {
    const done = lanes[i % width].then(() => run(body));
    lanes[i % width] = done.catch(() => {});  // whoever waits for this one is told, a little later
    yield [name, done];
  }
}

async function run(body) {
  const cleaning = [];
  try {
    await body({after: step => cleaning.push(step)});
  } finally {
    for (const step of cleaning.reverse()) await step();
  }
}
