import {useCallback, useEffect, useRef, useState} from 'preact/hooks';

import {AccessBar, type Outcome, outcomeOf} from '../access/access_bar';
import type {Keyholder} from '../access/admission';
import {keep} from '../access/keep';
import {listenForOffers} from '../access/offers';
import type {Credential} from '../access/token';
import type {Sound} from '../players/player';
import {bitRate, byteCount, milliseconds} from '../shared/format';
import {prefixOf} from './address';
import type {DataLog} from './data_log';
import {Expand, Mark, Shrink, SoundOff, SoundOn} from './icons';
import {type Figures, Session} from './session';
import {rememberedSound, rememberSound} from './sound';
import {wordsFor} from './words';

const redrawMilliseconds = 250;
const outcomeMilliseconds = 20_000;
const delayMeaning =
  'An estimate: what has arrived and waits to be shown, plus by how much the newest picture came later than the ' +
  'best one of the last minute. The camera’s, the encoder’s and the undisturbed network’s own time is not in it.';

/** `door`: the topic's address, or what it takes to get one; then `leave` forgets it. */
export function Viewer({door, topic, leave}: {door: string | Keyholder; topic: string; leave?: () => void}) {
  const admission = typeof door === 'string' ? null : door;
  const stage = useRef<HTMLDivElement>(null);
  const figure = useRef<HTMLElement>(null);
  const session = useRef<Session | null>(null);
  const [figures, setFigures] = useState<Figures | null>(null);
  const [sound, setSound] = useState(rememberedSound);
  const [full, setFull] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  useEffect(() => {
    const running = new Session(door, stage.current!, rememberedSound());
    session.current = running;
    running.start();
    const redraw = () => setFigures(running.figures());
    redraw();
    const timer = setInterval(redraw, redrawMilliseconds);
    return () => {
      clearInterval(timer);
      running.stop();
    };
  }, [door]);

  const give = useCallback(async (credential: Credential) => {
    const renewal = await session.current?.renew(credential);
    if (!renewal || !admission) return null;
    setOutcome(outcomeOf(renewal, credential));
    if (admission.tokenHeld !== null) keep(topic, admission.tokenHeld);
    return renewal;
  }, [admission, topic]);
  useEffect(() => admission ? listenForOffers(give) : undefined, [admission, give]);
  useEffect(() => {
    const timer = setTimeout(() => setOutcome(null), outcomeMilliseconds);
    return () => clearTimeout(timer);
  }, [outcome]);

  // What holds now: a second key may come before the page is drawn anew.
  const soundNow = useRef(sound);
  const applySound = useCallback((next: Sound) => {
    soundNow.current = next;
    setSound(next);
    rememberSound(next);
    session.current?.setSound(next);
  }, []);
  const toggleMute = useCallback(() => {
    // A click while the browser holds the sound back means “let it sound”.
    const held = session.current?.figures().soundBlocked;
    const {muted, volume} = soundNow.current;
    applySound({muted: held ? false : !muted, volume: volume || 1});
  }, []);
  const toggleFull = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void figure.current?.requestFullscreen?.().catch(() => {});
  }, []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (event.key === 'm') toggleMute();
      if (event.key === 'f') toggleFull();
    };
    const onFull = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('keydown', onKey);
    document.addEventListener('fullscreenchange', onFull);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('fullscreenchange', onFull);
    };
  }, [toggleMute, toggleFull]);

  // Sound that the browser held back begins with the first click or key anywhere.
  const blocked = figures?.soundBlocked ?? false;
  useEffect(() => {
    if (!blocked) return;
    const allow = () => session.current?.setSound(sound);
    document.addEventListener('pointerdown', allow, {once: true});
    document.addEventListener('keydown', allow, {once: true});
    return () => {
      document.removeEventListener('pointerdown', allow);
      document.removeEventListener('keydown', allow);
    };
  }, [blocked, sound]);

  const state = figures?.state ?? {kind: 'connecting' as const};
  const words = wordsFor(state, topic, admission?.claims ?? null);
  const over = state.kind === 'refused' && state.inSeconds === null;
  useEffect(() => {
    document.title = `${topic} · ${words.label}`;
  }, [topic, words.label]);
  const data = figures?.mode === 'data';
  const dim = state.kind !== 'live' && state.kind !== 'data';
  const shape = figures && figures.width > 0 ? `--w: ${figures.width}; --h: ${figures.height}` : '';

  return (
    <main class="page" style={shape}>
      <header class="head">
        <Mark />
        <h1 class="topic" title={topic}>{topic}</h1>
        <span class="state" role="status" aria-live="polite" data-state={state.kind}>{words.label}</span>
      </header>
      <figure class="figure" ref={figure} hidden={data && !dim} aria-label={`Picture of ${topic}`}>
        <div class="stage" ref={stage} data-dim={dim || undefined}>
          {figures?.soundOnly && !dim && <div class="veil"><SoundOn /><strong>Sound only</strong></div>}
          {dim && (
            <div class="veil">
              {(state.kind === 'connecting' || state.kind === 'key') && <div class="spinner" />}
              <strong>{words.title}</strong>
              {words.detail && <span>{words.detail}</span>}
              {state.kind === 'unreachable' && (
                <button class="tool filled" onClick={() => session.current?.retryNow()}>Try now</button>
              )}
            </div>
          )}
        </div>
        <div class="bar">
          <SoundTools figures={figures} sound={sound} toggle={toggleMute} apply={applySound} />
          <span class="gap" />
          {document.fullscreenEnabled && (
            <button class="tool" onClick={toggleFull} aria-label={full ? 'Leave full screen' : 'Full screen'} title="Full screen (f)">
              {full ? <Shrink /> : <Expand />}
            </button>
          )}
        </div>
      </figure>
      {admission && leave && <AccessBar admission={admission} over={over} outcome={over ? null : outcome} give={give} forget={leave} />}
      {figures && figures.notes.length > 0 && <ul class="notes">{figures.notes.map(note => <li key={note}>{note}</li>)}</ul>}
      {figures && (data ? <Messages figures={figures} /> : <Readout figures={figures} />)}
      <footer class="foot">
        {!data && <span class="keys"><kbd>m</kbd> sound · <kbd>f</kbd> full screen · </span>}
        <a href={`${prefixOf(location.pathname)}/stats`}>Statistics</a> of this relay
      </footer>
    </main>
  );
}

/** Letters belong to the field that they are typed into. */
const isWriting = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type !== 'range';

function SoundTools({figures, sound, toggle, apply}: {
  figures: Figures | null; sound: Sound; toggle: () => void; apply: (sound: Sound) => void;
}) {
  if (!figures?.hasSound) return figures?.state.kind === 'live' ? <span class="quiet">No sound</span> : null;
  const silent = sound.muted || figures.soundBlocked;
  const name = silent ? 'Sound on' : 'Mute';
  return (
    <>
      <button class="tool" onClick={toggle} aria-label={name} title={`${name} (m)`}>
        {silent ? <SoundOff /> : <SoundOn />}
        {figures.soundBlocked ? 'Click for sound' : silent ? 'Sound on' : ''}
      </button>
      {!silent && (
        <input
          class="volume" type="range" min="0" max="1" step="0.05" aria-label="Volume" value={sound.volume}
          onInput={event => apply({muted: false, volume: Number(event.currentTarget.value)})}
        />
      )}
    </>
  );
}

function Readout({figures}: {figures: Figures}) {
  const live = figures.state.kind === 'live';
  const {width, height, framesPerSecond, bitsPerSecond, delaySeconds, dropped, codecs, reconnects} = figures;
  const rows: [string, string, string?][] = [
    ['Picture', width > 0 ? `${width} × ${height}` : '–'],
    ['Frames', live && !figures.soundOnly ? `${framesPerSecond.toFixed(framesPerSecond < 10 ? 1 : 0)} /s` : '–'],
    ['Bit rate', bitsPerSecond > 0 ? bitRate(bitsPerSecond) : '–'],
    ['Delay, estimated', delaySeconds === null ? '–' : `≈ ${milliseconds(delaySeconds)}`, delayMeaning],
    ['Frames left out', String(dropped)],
    ['Reconnected', `${reconnects} ×`],
  ];
  return (
    <dl class="readout">
      {rows.map(([name, value, meaning]) => (
        <div key={name} title={meaning}>
          <dt>{name}{meaning && <span class="hidden-visually">. {meaning}</span>}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div class="wide"><dt>Carries</dt><dd>{codecs.join(' · ') || '–'}</dd></div>
    </dl>
  );
}

function Messages({figures}: {figures: Figures}) {
  const [held, setHeld] = useState<DataLog['newest'] | null>(null);
  const shown = held ?? figures.log.newest;
  return (
    <section class="data-view">
      <dl class="readout">
        <div><dt>Messages</dt><dd>{figures.log.total}</dd></div>
        <div><dt>Per second</dt><dd>{figures.messagesPerSecond.toFixed(1)}</dd></div>
        <div><dt>Bit rate</dt><dd>{bitRate(figures.bitsPerSecond)}</dd></div>
        <div><dt>Reconnected</dt><dd>{figures.reconnects} ×</dd></div>
      </dl>
      <div class="messages-head">
        <h2>{held ? 'Held: these messages' : 'The newest messages'}</h2>
        <button class="plain" aria-pressed={held !== null} onClick={() => setHeld(held ? null : [...figures.log.newest])}>
          {held ? 'Go on' : 'Hold'}
        </button>
      </div>
      <p class="foot">This topic carries no MPEG transport stream, so its messages are shown as they come.</p>
      <ol class="messages">
        {shown.map(message => (
          <li key={message.number} class={message.kind === 'binary' && /^0000 {2}/.test(message.shown) ? 'hex' : ''}>
            <header>
              <span>#{message.number}</span>
              <time>{message.at.toLocaleTimeString(undefined, {hour12: false})}.{String(message.at.getMilliseconds()).padStart(3, '0')}</time>
              <span>{message.kind}</span>
              <span>{byteCount(message.bytes)}</span>
            </header>
            <pre tabIndex={0}>{message.shown || '(empty)'}{message.cut ? '\n…' : ''}</pre>
          </li>
        ))}
      </ol>
    </section>
  );
}
