// The players of one page: at most one plays, and its predecessor's last picture stays until it shows its first. A
// Media Source player begins with a key frame and hears nothing before; what comes while its code is being loaded
// waits here.

import {type Plan, signatureOf} from '../players/plan';
import type {Player, PlayerEvents, PlayerFigures, Sound} from '../players/player';
import type {Unit} from '../ts/demuxer';

export type Playable = Exclude<Plan, {engine: 'none' | 'undecided'}>;
export type MakePlayer = (plan: Playable, events: PlayerEvents) => Player;

export interface StageEvents {
  /** A picture is there. */
  showing(): void;
  /** The next key frame is being waited for. */
  waiting(): void;
  /** A player gave up; `refuses` may say something else now. */
  failed(): void;
  soundBlocked(): void;
  /** A player's code could not be loaded: the server has other pages by now, or is gone. */
  outdated(): void;
}

const heldBytesMax = 16 * 1024 * 1024;
const failuresMax = 3;  // in half a minute; then a pause, so that the page stays usable
const failureSeconds = 30;
const pauseSeconds = 5;

export class Stage {
  private plan: Playable | null = null;
  private player: Player | null = null;
  private retiring: Player | null = null;
  private signature = '';
  // 'replacing': the present player goes on until the next key frame brings its successor.
  private gate: 'closed' | 'replacing' | 'opening' | 'open' = 'closed';
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private opening = 0;    // grows whenever what is being opened is no longer wanted
  private generation = 0; // grows with each player that is begun
  private shownBefore = 0;
  private readonly refused = new Set<string>();
  private failures: number[] = [];

  constructor(
    private readonly element: Pick<HTMLElement, 'prepend'>, private sound: Sound, private readonly events: StageEvents,
    private readonly load: (engine: Playable['engine']) => Promise<MakePlayer> = loadEngine,
    private readonly now: () => number = () => performance.now() / 1000) {}

  /** Has this browser failed at this plan for good? */
  refuses(plan: Plan): boolean {
    return this.refused.has(signatureOf(plan));
  }

  /** From now on this is to be played. The same player goes on if it can. */
  show(plan: Playable): void {
    const before = this.plan;
    this.plan = plan;
    if (signatureOf(plan) === this.signature) return;
    // Sound came or went: the picture need not stop for that.
    const samePicture = before?.engine === 'mse' && plan.engine === 'mse' && before.video !== null && before.video === plan.video;
    if (samePicture && this.gate === 'open') this.gate = 'replacing';
    else if (!samePicture || this.gate !== 'replacing') this.wait();
    if (plan.engine === 'mpeg1' && !this.resting()) void this.begin(plan);
  }

  clear(): void {
    this.retiring?.destroy();
    this.player?.destroy();
    this.retiring = this.player = this.plan = null;
    this.signature = '';
    this.generation++;
    this.shut();
  }

  /** Whole packets; where in them the first key frame begins, if one does. */
  packets(packets: Uint8Array, keyOffset: number | null): void {
    if (this.plan?.engine !== 'mse') return;
    if (this.gate === 'open') this.player?.packets(packets);
    else if (this.gate === 'opening') this.hold(packets);
    else if (keyOffset !== null && !this.resting()) void this.open(this.plan, packets.subarray(keyOffset));
    else if (this.gate === 'replacing') this.player?.packets(packets);
  }

  unit(unit: Unit): void {
    if (this.plan?.engine !== 'mpeg1') return;
    if (this.signature === '' && !this.resting()) void this.begin(this.plan);
    this.player?.unit(unit);
  }

  /** The connection is another one, or the source's clock began anew: on with the next key frame. */
  wait(): void {
    this.shut();
    this.player?.interrupted();
    this.events.waiting();
  }

  /** Packets are missing. Media Source Extensions get over it by themselves. */
  gap(): void {
    if (this.plan?.engine === 'mpeg1') this.player?.interrupted();
  }

  setSound(sound: Sound): void {
    this.sound = sound;
    this.player?.setSound(sound);
  }

  setHidden(hidden: boolean): void {
    this.player?.setHidden(hidden);
  }

  figures(): PlayerFigures | null {
    return this.player?.figures() ?? null;
  }

  /** Pictures shown since the last call. */
  countShown(): number {
    const shown = this.player?.figures().shown ?? 0;
    const more = Math.max(0, shown - this.shownBefore);
    this.shownBefore = shown;
    const current = this.plan?.engine === 'mpeg1' || this.gate === 'open' || this.gate === 'replacing';
    if (more > 0 && current) this.events.showing();
    return more;
  }

  private shut(): void {
    this.gate = 'closed';
    this.opening++;
    this.held = [];
    this.heldBytes = 0;
  }

  private hold(packets: Uint8Array): void {
    this.held.push(packets);
    this.heldBytes += packets.length;
    if (this.heldBytes > heldBytesMax) this.shut();
  }

  private async open(plan: Playable, fromKeyFrame: Uint8Array): Promise<void> {
    this.shut();
    const opening = this.opening;
    this.gate = 'opening';
    this.hold(fromKeyFrame);
    const player = await this.begin(plan);
    if (opening !== this.opening) return;
    if (!player) return this.shut();
    for (const packets of this.held) player.packets(packets);
    this.held = [];
    this.heldBytes = 0;
    this.gate = 'open';
  }

  /** The new player, in place of the old one; null if another was begun while its code was being loaded. */
  private async begin(plan: Playable): Promise<Player | null> {
    const signature = signatureOf(plan);
    const generation = ++this.generation;
    this.signature = signature;
    let make: MakePlayer;
    try {
      make = await this.load(plan.engine);
    } catch {
      if (generation === this.generation) this.signature = '';
      this.events.outdated();
      return null;
    }
    if (generation !== this.generation) return null;
    let player: Player | null = null;
    player = make(plan, {
      started: () => player && this.started(player),
      failed: (reason, lasting) => player && this.fail(player, signature, reason, lasting),
      soundBlocked: () => this.events.soundBlocked(),
    });
    this.retire();
    this.player = player;
    player.element.classList.add('screen');
    this.element.prepend(player.element);
    player.setSound(this.sound);
    return player;
  }

  /** The old player's last picture stays until the new one has its first. */
  private retire(): void {
    this.retiring?.destroy();
    this.retiring = this.player;
    this.retiring?.setSound({muted: true, volume: 0});
    this.shownBefore = 0;
  }

  private started(player: Player): void {
    if (player !== this.player) return;
    this.retiring?.destroy();
    this.retiring = null;
    this.events.showing();
  }

  private fail(player: Player, signature: string, reason: string, lasting: boolean): void {
    if (player !== this.player) return;
    console.warn(`player: ${reason}`);
    this.failures.push(this.now());
    if (lasting) this.refused.add(signature);
    this.player = null;
    this.signature = '';
    this.generation++;
    this.shut();
    player.destroy();
    this.events.waiting();
    this.events.failed();
  }

  private resting(): boolean {
    const now = this.now();
    this.failures = this.failures.filter(at => now - at < failureSeconds);
    const last = this.failures[this.failures.length - 1] ?? 0;
    return this.failures.length >= failuresMax && now - last < pauseSeconds;
  }
}

/** Each player is a part of its own in the bundle: a page loads only the one that it needs. */
async function loadEngine(engine: Playable['engine']): Promise<MakePlayer> {
  if (engine === 'mpeg1') {
    const {Mpeg1Player} = await import('../players/mpeg1');
    return (plan, events) => new Mpeg1Player(plan.video !== null, events);
  }
  const {MsePlayer} = await import('../players/mse');
  return (plan, events) => new MsePlayer(plan.video, plan.audio, events);
}
