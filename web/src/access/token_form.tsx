// Where a person gives a token: a field that shows dots, keeps nothing once it was sent, and says what is wrong.

import {useEffect, useRef, useState} from 'preact/hooks';

import {credentialOf, type Credential} from './token';

const shape = 'A token is three long words joined by dots; copy it whole.';
const unreadable = `That is neither a token nor a one-time code. ${shape}`;
const notToken = `That is no token. ${shape}`;

/** `codes`: are one-time codes good here, too? */
export function TokenForm({label, button, focus = false, codes = true, give}: {
  label: string; button: string; focus?: boolean; codes?: boolean; give: (credential: Credential) => void | Promise<unknown>;
}) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => { if (focus) field.current?.focus(); }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const read = credentialOf(new FormData(form).get('token')?.toString() ?? '');
    const credential = codes || read?.kind === 'token' ? read : null;
    setProblem(credential ? '' : codes ? unreadable : notToken);
    if (!credential) return;
    form.reset();
    setBusy(true);
    await give(credential);
    setBusy(false);
  };
  return (
    <form class="token-form" onSubmit={submit}>
      <label>
        <span>{label}</span>
        <input
          name="token" type="password" autocomplete="off" autocapitalize="none" spellcheck={false} required ref={field}
          placeholder="paste it here" aria-invalid={problem !== ''} aria-describedby={problem ? 'token-problem' : undefined}
        />
      </label>
      <button class="primary" disabled={busy}>{busy ? 'Asking …' : button}</button>
      {problem && <p class="problem" id="token-problem" role="alert">{problem}</p>}
    </form>
  );
}
