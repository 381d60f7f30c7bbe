// The state in words: short ones for the label that is always there (and read aloud when it changes), a sentence
// for the middle of the picture when there is none.

import {leftInWords} from '../access/expiry';
import {sentencesFor} from '../access/sentences';
import type {TokenFacts} from '../access/token';
import {span} from '../shared/format';
import type {State} from './state';

export interface Words {
  label: string;
  title: string;
  detail: string;
}

/** `claims`: what the viewer's token says of itself. */
export function wordsFor(state: State, topic: string, claims: TokenFacts | null = null): Words {
  switch (state.kind) {
    case 'connecting':
      return {label: 'Connecting', title: 'Connecting …', detail: ''};
    case 'waiting':
      return {label: 'Waiting for the source', title: 'Waiting for the source', detail: `Connected. Nobody sends to ${topic} yet.`};
    case 'key':
      return {label: 'Waiting for a key frame', title: 'Waiting for a key frame', detail: 'Data arrives; the picture begins with the next complete one.'};
    case 'live':
      return {label: 'Live', title: '', detail: ''};
    case 'data':
      return {label: 'Receiving data', title: '', detail: ''};
    case 'lost':
      return {label: 'Source lost', title: 'Source lost', detail: `Nothing has come for ${span(state.forSeconds)}. It goes on by itself when the source is back.`};
    case 'unreachable':
      return {
        label: 'Not reachable', title: 'Not reachable',
        detail: `${state.said ? `${state.said} ` : ''}${nextAttempt(state.inSeconds)}`,
      };
    case 'refused': {
      const words = sentencesFor(state.refusal, topic, claims);
      return state.inSeconds === null ? words : {...words, detail: `${words.detail} ${nextAttempt(state.inSeconds)}`};
    }
    case 'unplayable':
      return {label: 'Cannot be played here', title: 'This cannot be played here', detail: state.reason};
  }
}

const nextAttempt = (inSeconds: number) =>
  inSeconds > 90 ? `Next attempt in ${leftInWords(inSeconds)}.` : inSeconds > 0 ? `Trying again in ${inSeconds} s.` : 'Trying again now.';
