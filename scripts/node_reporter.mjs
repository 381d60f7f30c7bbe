// A reporter for node's test runner: the lines that scripts/results.py reads.
export default async function* reporter(source) {
  for await (const {type, data} of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const verdict = skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const reason = skipped ? String(data.skip ?? data.todo) : '';
    yield [verdict, data.name, reason].map(text => text.replace(/\s+/g, ' ')).join('\t') + '\n';
  }
}
