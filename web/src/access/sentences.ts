// A refusal in words: what happened, and what to do about it.

import type {Refusal} from './refusal';
import type {TokenFacts} from './token';

export interface Sentences {
  label: string;  // a few words, for the page's state
  title: string;
  detail: string;
}

const hiddenWords = 'If it stays so, look at your token: a relay on another host may refuse it without this page being allowed to read why.';

export function sentencesFor(refusal: Refusal, topic: string, facts: TokenFacts | null = null): Sentences {
  switch (refusal.kind) {
    case 'expired':
      return {label: 'Token expired', title: 'Your token has expired', detail: 'Your time is over, or the page was left open. Get a new token where you got this one, and give it here.'};
    case 'early':
      return {label: 'Not valid yet', title: 'Your token is not valid yet', detail: 'It is for a later time. This page connects by itself as soon as it may; leave it open.'};
    case 'topic':
      return {
        label: 'Token for another topic', title: 'This token is for another topic',
        detail: `${facts?.topic ? `It opens ${facts.topic}, not ${topic}.` : `It does not open ${topic}.`} Give the token for this topic, or open the address that came with yours.`,
      };
    case 'audience':
      return {label: 'Token for another relay', title: 'This token is for another relay', detail: 'Check that the address of this page is the one that came with your token.'};
    case 'cancelled':
      return {label: 'Booking cancelled', title: 'The booking was cancelled', detail: 'The relay lets nobody in with it any more. Make a new booking, and give its token here.'};
    case 'signature':
      return {label: 'Token not accepted', title: 'This relay did not sign that token', detail: 'It comes from somewhere else, or was damaged in copying. Copy the whole token once more, from its first to its last letter.'};
    case 'scope':
      return {label: 'Not allowed', title: 'This token does not allow that', detail: `It lacks a permission${facts?.scopes.length ? ` (it has: ${facts.scopes.join(', ')})` : ''}. Ask who gave it to you for one that has it.`};
    case 'claims':
      return {label: 'Token incomplete', title: 'This token is incomplete', detail: 'It lacks something that this relay asks for, or says it differently. Ask who gave it to you for another.'};
    case 'lasting':
      return {label: 'Token lasts too long', title: 'This token is valid for too long', detail: 'This relay takes only tokens that end sooner. Ask who gave it to you for one.'};
    case 'booking':
      return {label: 'Token without booking', title: 'This token belongs to no booking', detail: 'This relay takes only tokens that name one. Get the token from the booking system.'};
    case 'spent':
      return {label: 'Code used', title: 'The one-time code is used up', detail: 'Each code opens one connection, for half a minute. Give a token, or a new code.'};
    case 'attempts':
      return {label: 'Too many attempts', title: 'Too many attempts', detail: 'The relay asks to be left alone for a while. This page tries again by itself.'};
    case 'missing':
      return {label: 'No access service', title: 'There is nobody here who takes tokens', detail: 'The relay’s access service does not answer at this address. Check the address, or ask who runs the relay.'};
    case 'unreachable':
      return {label: 'Not reachable', title: 'The relay is not reachable', detail: refusal.hidden ? hiddenWords : ''};
    case 'insecure':
      return {label: 'Cannot connect', title: 'The relay’s address cannot be opened from here', detail: refusal.said};
    case 'none':
      return {label: 'Token needed', title: 'This topic needs a token', detail: 'Give the one from your booking.'};
    case 'other':
      return {label: 'Refused', title: 'The relay refused', detail: refusal.said ? `It says: “${refusal.said}”. Try another token, or ask who runs the relay.` : 'It did not say why. Try another token, or ask who runs the relay.'};
  }
}

/** Why a connection ended, for a person; empty if there is nothing to say but that it did. */
export function closingWords(code: number, reason: string): string {
  const said = reason.replace(/\s+/g, ' ').trim();
  if (said) return `The relay ended the connection: ${said}.`;
  switch (code) {
    case 1001: return 'The relay is stopping or starting anew.';
    case 1008: return 'The relay ended the connection: against its rules.';
    case 1009: return 'The relay ended the connection: a message was too big.';
    case 1011: return 'The relay ended the connection: it failed.';
    case 1012: return 'The relay is starting anew.';
    case 1013: return 'This connection was too slow for the topic.';
    default: return code >= 4000 ? `The relay ended the connection, with code ${code}.` : '';
  }
}
