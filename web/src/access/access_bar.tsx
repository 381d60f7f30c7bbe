// The line under the picture that says how long the viewer may stay, and takes a new token so that it is longer.

import {useEffect, useState} from 'preact/hooks';

import type {Keyholder, Renewal} from './admission';
import {leftInWords, type Urgency, urgencyOf} from './expiry';
import {askEmbeddingPage} from './offers';
import {sentencesFor} from './sentences';
import {readToken, type Credential, type TokenFacts} from './token';
import {TokenForm} from './token_form';

export interface Outcome {
  renewal: Renewal;
  claims: TokenFacts | null;  // of the token that was given
}

export const outcomeOf = (renewal: Renewal, credential: Credential): Outcome =>
  ({renewal, claims: credential.kind === 'token' ? readToken(credential.token) : null});

/** `over`: the page does not come back by itself. Drawn anew several times a second. */
export function AccessBar({admission, over, outcome, give, forget}: {
  admission: Keyholder; over: boolean; outcome: Outcome | null;
  give: (credential: Credential) => Promise<Renewal | null>; forget: () => void;
}) {
  const [opened, setOpened] = useState(false);
  const left = admission.secondsLeft;
  const urgency: Urgency = over ? 'over' : left === null ? 'calm' : urgencyOf(left);
  const wanted = urgency !== 'calm';
  useEffect(() => {
    if (wanted) askEmbeddingPage(admission.topic);
  }, [wanted, urgency, admission]);
  const given = async (credential: Credential) => {
    const renewal = await give(credential);
    if (renewal?.kind !== 'refused') setOpened(false);
  };
  return (
    <section class="access" data-urgency={urgency} aria-label="Access">
      <div class="access-line">
        <p>{accessWords(admission, urgency, left)}</p>
        <span class="hidden-visually" role="status">{announced[urgency]}</span>
        <span class="actions">
          {!wanted && <button class="plain" aria-expanded={opened} onClick={() => setOpened(!opened)}>New token</button>}
          <button class="plain" onClick={forget}>{admission.kindHeld === 'token' ? 'Forget token' : 'Leave'}</button>
        </span>
      </div>
      {outcome && <OutcomeLine outcome={outcome} topic={admission.topic} />}
      {(wanted || opened) && <TokenForm label="New token" button={over ? 'Go on' : admission.extends ? 'Extend' : 'Keep'} focus={opened} codes={admission.extends} give={given} />}
    </section>
  );
}

const announced: Record<Urgency, string> = {
  calm: '', soon: 'Your access ends in less than five minutes.', now: 'Your access ends in less than a minute.', over: '',
};

function accessWords(admission: Keyholder, urgency: Urgency, left: number | null): string {
  if (urgency === 'over') return 'Give another token to go on.';
  if (left === null) return admission.kindHeld === 'token' ? 'Admitted by a token.' : 'Admitted by a one-time code.';
  if (urgency === 'calm') return `Your access lasts another ${leftInWords(left)}.`;
  return `Your access ends in ${leftInWords(left)}. ${admission.extends ? 'With a new token you stay without interruption.' : 'With a new token the page connects anew then.'}`;
}

function OutcomeLine({outcome: {renewal, claims}, topic}: {outcome: Outcome; topic: string}) {
  switch (renewal.kind) {
    case 'extended':
      return <p class="outcome" role="status" data-good>Your access was extended.</p>;
    case 'later':
      return (
        <p class="outcome" role="status">
          The new token is kept. The relay does not extend this connection with it, so the page connects anew when it ends.
        </p>
      );
    case 'redial':
      return null;
    case 'refused': {
      const words = sentencesFor(renewal.refusal, topic, claims);
      return <p class="outcome" role="alert" data-bad><strong>{words.title}</strong>{words.detail} The connection goes on as it was.</p>;
    }
  }
}
