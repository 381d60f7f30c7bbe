// What the page asks of a player, whichever it is.

import type {Unit} from '../ts/demuxer';

export interface PlayerFigures {
  width: number;
  height: number;
  /** Pictures shown since the player began. */
  shown: number;
  /** Pictures decoded but not shown, or thrown away to keep up. */
  dropped: number;
  /** Seconds of picture (or sound) that have arrived and are not shown yet. */
  bufferedSeconds: number;
}

export interface PlayerEvents {
  /** The first picture is on the screen, or the first sound is on its way. */
  started(): void;
  /** This player cannot go on; the page may start another. `lasting`: another of the same kind would fail too. */
  failed(reason: string, lasting: boolean): void;
  /** Sound was wanted but the browser waits for a click first. */
  soundBlocked(): void;
}

export interface Sound {
  muted: boolean;
  volume: number;  // 0–1
}

export interface Player {
  /** What to put on the stage. */
  readonly element: HTMLElement;
  /** Whole TS packets. A player that takes pictures instead ignores them. */
  packets(bytes: Uint8Array): void;
  /** Whole pictures and pieces of sound. A player that takes packets ignores them. */
  unit(unit: Unit): void;
  /** The source's clock jumped or packets are missing: show nothing until the next key frame. */
  interrupted(): void;
  setSound(sound: Sound): void;
  /** The page was hidden, or is shown again. */
  setHidden(hidden: boolean): void;
  figures(): PlayerFigures;
  destroy(): void;
}
