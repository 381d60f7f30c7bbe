import {Mark} from '../view/icons';

/** The page's title, and beside it how the open topics' statistics are doing. */
export function Head({label, good = false}: {label?: string; good?: boolean}) {
  return (
    <header class="head">
      <Mark />
      <h1>Crossbar stats</h1>
      {label !== undefined && <span class="state" role="status" data-ok={good || undefined}>{label}</span>}
    </header>
  );
}
