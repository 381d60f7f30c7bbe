// Plays the pieces of sound that the MP2 decoder gives, each in its moment, through Web Audio. A browser lets no
// page sound before a click; until then pieces are let go, not kept.

export interface AudioSinkEvents {
  blocked(): void;
}

// Pieces follow each other without a seam as long as they are this near to their moment.
const driftMax = 0.12;
const leadMin = 0.03;

export class AudioSink {
  private context: AudioContext | null = null;
  private gain: GainNode | null = null;
  private volume = 0;
  private nextAt = 0;         // of the context's clock
  private due: number | null = null;
  private played = 0;

  constructor(private readonly events: AudioSinkEvents) {}

  /** Would a piece be heard now? */
  get audible(): boolean {
    return this.volume > 0 && this.context?.state === 'running';
  }

  get pieces(): number {
    return this.played;
  }

  // What jsmpeg's decoder reads of its destination.
  get enqueuedTime(): number {
    return this.context ? Math.max(0, this.nextAt - this.context.currentTime) : 0;
  }

  setVolume(volume: number): void {
    this.volume = volume;
    if (volume > 0) this.open();
    if (this.gain && this.context) this.gain.gain.setTargetAtTime(volume, this.context.currentTime, 0.02);
  }

  /** The next piece should sound this many seconds from now; null if nobody knows: right after the last one. */
  expect(secondsFromNow: number | null): void {
    this.due = secondsFromNow;
  }

  // Called by jsmpeg's decoder.
  play(sampleRate: number, left: Float32Array, right: Float32Array): void {
    const context = this.context;
    if (!context || !this.gain || !this.audible) return;
    const buffer = context.createBuffer(2, left.length, sampleRate);
    buffer.getChannelData(0).set(left);
    buffer.getChannelData(1).set(right);
    const earliest = context.currentTime + leadMin;
    const wanted = Math.max(earliest, this.due === null ? this.nextAt : context.currentTime + this.due);
    const broken = this.nextAt < context.currentTime || Math.abs(wanted - this.nextAt) > driftMax;
    if (broken && wanted < this.nextAt) {
      this.advance(buffer.duration);
      return;  // too much is waiting already: leave this piece out
    }
    const at = broken ? wanted : this.nextAt;
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.gain);
    source.start(at);
    this.nextAt = at + buffer.duration;
    this.played++;
    this.advance(buffer.duration);
  }

  destroy(): void {
    void this.context?.close().catch(() => {});
    this.context = null;
  }

  private advance(seconds: number): void {
    if (this.due !== null) this.due += seconds;
  }

  private open(): void {
    if (typeof AudioContext === 'undefined') return;
    if (!this.context) {
      this.context = new AudioContext({latencyHint: 'interactive'});
      this.gain = this.context.createGain();
      this.gain.connect(this.context.destination);
    }
    if (this.context.state === 'running') return;
    const context = this.context;
    void context.resume().catch(() => {});
    window.setTimeout(() => {
      if (context === this.context && context.state === 'suspended' && this.volume > 0) this.events.blocked();
    }, 300);
  }
}
