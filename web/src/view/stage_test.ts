import {describe, expect, test} from 'vitest';

import type {Player, PlayerEvents, Sound} from '../players/player';
import type {Codec} from '../ts/codecs';
import type {Stream, Unit} from '../ts/demuxer';
import {entry} from '../ts/sample';
import {type Playable, Stage} from './stage';

class FakePlayer implements Player {
  readonly element = {classList: {add() {}}} as unknown as HTMLElement;
  got = '';
  sound: Sound | null = null;
  shown = 0;
  destroyed = false;
  constructor(readonly plan: Playable, readonly events: PlayerEvents) {}
  packets(bytes: Uint8Array): void { this.got += String.fromCharCode(...bytes); }
  unit(unit: Unit): void { this.got += String.fromCharCode(...unit.payload); }
  interrupted(): void { this.got += '|'; }
  setSound(sound: Sound): void { this.sound = sound; }
  setHidden(): void {}
  figures() { return {width: 1, height: 1, shown: this.shown, dropped: 0, bufferedSeconds: 0}; }
  destroy(): void { this.destroyed = true; }
}

const picture: Stream = {kind: 'video', codec: 'h264', table: entry(0x100, 0x1b)};
const sound: Stream = {kind: 'audio', codec: 'aac', table: entry(0x101, 0x0f)};
const h264 = (audio: Stream | null = sound, video = picture): Playable => ({engine: 'mse', video, audio, notes: []});
const mpeg1 = (width = 640): Playable =>
  ({engine: 'mpeg1', video: {...picture, codec: 'mpeg1' as Codec, width, height: 360}, audio: null, notes: []});

class Bench {
  players: FakePlayer[] = [];
  events: string[] = [];
  now = 100;
  private loading: (() => void)[] = [];
  broken = false;
  readonly stage = new Stage({prepend() {}}, {muted: true, volume: 1}, {
    showing: () => this.events.push('showing'),
    waiting: () => this.events.push('waiting'),
    failed: () => this.events.push('failed'),
    soundBlocked: () => this.events.push('blocked'),
    outdated: () => this.events.push('outdated'),
  }, () => new Promise((resolve, reject) => this.loading.push(() => this.broken ? reject(new Error()) : resolve((plan, events) => {
    const player = new FakePlayer(plan, events);
    this.players.push(player);
    return player;
  }))), () => this.now);

  /** The code of every player that was asked for has arrived. */
  async loaded(): Promise<this> {
    for (const arrive of this.loading.splice(0)) arrive();
    for (let i = 0; i < 5; i++) await Promise.resolve();
    return this;
  }

  feed(text: string): this {
    const key = text.indexOf('K');
    this.stage.packets(new TextEncoder().encode(text), key < 0 ? null : key);
    return this;
  }

  get player(): FakePlayer {
    return this.players[this.players.length - 1];
  }
}

describe('Stage', () => {
  test('a Media Source player begins with a key frame, and misses nothing while its code is loaded', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    bench.feed('ab').feed('cKd').feed('ef');
    await bench.loaded();
    bench.feed('gh');
    expect(bench.player.got).toBe('Kdefgh');
  });

  test('after a new connection another player begins, with a key frame', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    await bench.feed('K1').loaded();
    bench.stage.wait();
    bench.feed('23');
    await bench.feed('K4').loaded();
    expect(bench.players.map(p => p.got)).toEqual(['K1|', 'K4']);
  });

  test('what was interrupted while its code was loading does not begin in the middle', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    bench.feed('K1');
    bench.stage.wait();
    await bench.feed('2').loaded();
    bench.feed('3');
    expect(bench.players.every(p => p.got === '')).toBe(true);
    await bench.feed('K4').loaded();
    expect(bench.player.got).toBe('K4');
  });

  test('the old picture stays until the new player shows its first, in silence', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    await bench.feed('K').loaded();
    bench.stage.setSound({muted: false, volume: 1});
    const [first] = bench.players;
    bench.stage.wait();
    await bench.feed('K').loaded();
    expect(first.destroyed).toBe(false);
    expect(first.sound?.muted).toBe(true);
    expect(bench.player.sound?.muted).toBe(false);
    bench.player.events.started();
    expect(first.destroyed).toBe(true);
    expect(bench.events.at(-1)).toBe('showing');
  });

  test('when only the sound goes, the picture runs on to the next key frame', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    await bench.feed('K1').loaded();
    bench.events.length = 0;
    bench.stage.show(h264(null));
    bench.feed('2').feed('3');
    expect(bench.player.got).toBe('K123');
    expect(bench.events).toEqual([]);
    await bench.feed('K4').loaded();
    expect(bench.player.got).toBe('K4');
    expect((bench.player.plan as {audio: unknown}).audio).toBeNull();
  });

  test('another picture is waited for, and said so', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    await bench.feed('K1').loaded();
    bench.stage.show(h264(sound, {...picture, codec: 'hevc'}));
    bench.feed('2');
    expect(bench.player.got).toBe('K1|');
    expect(bench.events.at(-1)).toBe('waiting');
  });

  test('the same plan again changes nothing', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    await bench.feed('K').loaded();
    bench.stage.show(h264());
    await bench.feed('K').loaded();
    expect(bench.players.length).toBe(1);
  });

  test('an MPEG-1 player begins at once and takes pictures; another size takes another player', async () => {
    const bench = new Bench();
    bench.stage.show(mpeg1());
    await bench.loaded();
    bench.stage.unit({payload: new TextEncoder().encode('p')} as Unit);
    bench.stage.gap();
    expect(bench.player.got).toBe('p|');
    bench.stage.show(mpeg1(320));
    await bench.loaded();
    expect(bench.players.length).toBe(2);
  });

  test('a plan that was overtaken while its code was loading makes no player', async () => {
    const bench = new Bench();
    bench.stage.show(mpeg1());
    bench.stage.show(mpeg1(320));
    await bench.loaded();
    expect(bench.players.length).toBe(1);
    bench.stage.show(mpeg1(100));
    bench.stage.clear();
    await bench.loaded();
    expect(bench.players.length).toBe(1);
    expect(bench.player.destroyed).toBe(true);
  });

  test('a player that fails is replaced at the next key frame; one that fails for good is refused', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    await bench.feed('K').loaded();
    bench.player.events.failed('once', false);
    expect(bench.player.destroyed).toBe(true);
    expect(bench.events.slice(-2)).toEqual(['waiting', 'failed']);
    await bench.feed('K').loaded();
    expect(bench.players.length).toBe(2);
    expect(bench.stage.refuses(h264())).toBe(false);
    bench.player.events.failed('for good', true);
    expect(bench.stage.refuses(h264())).toBe(true);
    expect(bench.stage.refuses(h264(null))).toBe(false);
  });

  test('one that fails again and again is given a rest', async () => {
    const bench = new Bench();
    bench.stage.show(h264());
    for (let i = 0; i < 10; i++) {
      await bench.feed('K').loaded();
      bench.player.events.failed('again', false);
    }
    expect(bench.players.length).toBe(3);
    bench.now += 6;
    await bench.feed('K').loaded();
    expect(bench.players.length).toBe(4);
  });

  test('a player that was replaced can no longer say anything', async () => {
    const bench = new Bench();
    bench.stage.show(mpeg1());
    await bench.loaded();
    const [old] = bench.players;
    bench.stage.show(mpeg1(320));
    await bench.loaded();
    bench.events.length = 0;
    old.events.started();
    old.events.failed('late', true);
    expect(bench.events).toEqual([]);
    expect(bench.player.destroyed).toBe(false);
  });

  test('code that cannot be loaded is reported, and tried again later', async () => {
    const bench = new Bench();
    bench.broken = true;
    bench.stage.show(h264());
    await bench.feed('K').loaded();
    expect(bench.events.at(-1)).toBe('outdated');
    bench.broken = false;
    await bench.feed('K').loaded();
    expect(bench.player.got).toBe('K');
  });

  test('counts the pictures of the present player', async () => {
    const bench = new Bench();
    bench.stage.show(mpeg1());
    await bench.loaded();
    bench.player.shown = 7;
    expect(bench.stage.countShown()).toBe(7);
    bench.player.shown = 9;
    expect(bench.stage.countShown()).toBe(2);
    expect(bench.events.at(-1)).toBe('showing');
  });
});
