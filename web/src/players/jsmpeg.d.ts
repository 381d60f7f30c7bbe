// The parts of @cycjimmy/jsmpeg-player that we use: its decoders and renderers, not its socket or its player.
declare module '@cycjimmy/jsmpeg-player' {
  interface VideoSink {
    resize(width: number, height: number): void;
    render(y: Uint8Array, cr: Uint8Array, cb: Uint8Array, clamped: boolean): void;
  }
  interface AudioSink {
    readonly enqueuedTime: number;
    play(sampleRate: number, left: Float32Array, right: Float32Array): void;
  }
  interface WasmModule {
    ready: boolean;
    loadFromBuffer(bytes: ArrayBuffer, loaded: (module: WasmModule | null) => void): void;
  }
  interface DecoderOptions {
    streaming: boolean;
    wasmModule?: WasmModule;
    videoBufferSize?: number;
    audioBufferSize?: number;
    decodeFirstFrame?: boolean;
  }
  class Decoder<Sink> {
    constructor(options: DecoderOptions);
    connect(sink: Sink): void;
    write(pts: number, buffers: Uint8Array[]): void;
    decode(): boolean;
    destroy(): void;
  }
  interface RendererOptions {
    canvas: HTMLCanvasElement;
    preserveDrawingBuffer?: boolean;
  }
  class Renderer implements VideoSink {
    constructor(options: RendererOptions);
    resize(width: number, height: number): void;
    render(y: Uint8Array, cr: Uint8Array, cb: Uint8Array, clamped: boolean): void;
    destroy(): void;
    static IsSupported(): boolean;
  }
  const JSMpeg: {
    Decoder: {
      MPEG1Video: typeof Decoder<VideoSink>;
      MPEG1VideoWASM: typeof Decoder<VideoSink>;
      MP2Audio: typeof Decoder<AudioSink>;
      MP2AudioWASM: typeof Decoder<AudioSink>;
    };
    Renderer: {WebGL: typeof Renderer; Canvas2D: typeof Renderer};
    WASMModule: {GetModule(): WasmModule; IsSupported(): boolean};
    Base64ToArrayBuffer(text: string): ArrayBuffer;
    WASM_BINARY_INLINED: string;
  };
  export default JSMpeg;
}
