// The state in words: short ones for the label that is always there (and read aloud when it changes), a sentence
// for the middle of the picture when there is none.

import {span} from '../shared/format';
import type {State} from './state';

export interface Words {
  label: string;
  title: string;
  detail: string;
}

export function wordsFor(state: State, topic: string): Words {
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
        detail: state.inSeconds > 0 ? `Trying again in ${state.inSeconds} s.` : 'Trying again now.',
      };
    case 'unplayable':
      return {label: 'Cannot be played here', title: 'This cannot be played here', detail: state.reason};
  }
}
