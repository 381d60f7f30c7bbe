// Sends to a topic: a picture made by ffmpeg, or messages.

import {spawn, spawnSync} from 'node:child_process';
import WebSocket from 'ws';

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

export const inTopic = (base, name) => `${base.replace(/^http/, 'ws')}/in/${name}`;

const picture = (size, rate) => ['-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`];
const tone = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'];

/** What ffmpeg is asked for; each is a transport stream on its standard output. */
export const recipes = {
  mpeg1: (size = '320x180') => [...picture(size, 25), ...tone, '-codec:v', 'mpeg1video', '-bf', '0', '-b:v', '1000k',
    '-codec:a', 'mp2', '-ar', '44100', '-ac', '1', '-b:a', '128k', '-muxdelay', '0.001'],
  h264: (size = '320x180') => [...picture(size, 25), ...tone, '-codec:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency',
    '-pix_fmt', 'yuv420p', '-g', '25', '-b:v', '1000k', '-codec:a', 'aac', '-b:a', '128k', '-muxdelay', '0.001'],
  h264Silent: (size = '320x180') => [...picture(size, 25), '-codec:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency',
    '-pix_fmt', 'yuv420p', '-g', '25', '-muxdelay', '0.001'],
  h264Mp2: () => [...picture('320x180', 25), ...tone, '-codec:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency',
    '-pix_fmt', 'yuv420p', '-g', '25', '-codec:a', 'mp2', '-muxdelay', '0.001'],
  h265: () => [...picture('320x180', 25), '-codec:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=25',
    '-pix_fmt', 'yuv420p', '-muxdelay', '0.001'],
  mpeg2: () => [...picture('320x180', 25), '-codec:v', 'mpeg2video', '-b:v', '1000k', '-muxdelay', '0.001'],
  mp2Only: () => [...tone, '-codec:a', 'mp2', '-ar', '44100', '-muxdelay', '0.001'],
  aacOnly: () => [...tone, '-codec:a', 'aac', '-muxdelay', '0.001'],
};

// ffmpeg numbers its streams from 0x100: the picture, then the sound.
const soundPid = 0x101;

function withoutPid(packets, pid) {
  const kept = [];
  for (let at = 0; at < packets.length; at += 188) {
    if ((packets.readUInt16BE(at + 1) & 0x1fff) !== pid) kept.push(packets.subarray(at, at + 188));
  }
  return Buffer.concat(kept);
}

/** Starts ffmpeg and sends what it writes to `/in/name` until the test ends or `stop()` is called. */
export const publish = (t, base, name, recipe) => publishTo(t, async () => inTopic(base, name), recipe);

/** The same to an address that is asked for before each attempt. */
export async function publishTo(t, addressOf, recipe) {
  const ffmpeg = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...recipe, '-f', 'mpegts', 'pipe:1'],
    {stdio: ['ignore', 'pipe', 'inherit']});
  let socket = null;
  let stopped = false;
  const ended = new Promise(resolve => ffmpeg.once('exit', resolve));
  // The relay may go away and come back in the middle of a test: so does the sender.
  const later = () => setTimeout(dial, 200).unref();
  const dial = async () => {
    const address = await addressOf().catch(() => null);
    if (stopped) return;
    if (address === null) return later();
    socket = new WebSocket(address);
    socket.on('error', () => {});
    socket.on('close', later);
  };
  await dial();
  let rest = Buffer.alloc(0);
  let mutedRaw = false;
  ffmpeg.stdout.on('data', chunk => {
    // Whole packets only, as the host sends them.
    rest = Buffer.concat([rest, chunk]);
    const whole = rest.length - (rest.length % 188);
    const packets = mutedRaw ? withoutPid(rest.subarray(0, whole), soundPid) : rest.subarray(0, whole);
    if (socket?.readyState === WebSocket.OPEN && packets.length > 0) socket.send(packets);
    rest = rest.subarray(whole);
  });
  const stop = async () => {
    stopped = true;
    ffmpeg.kill('SIGKILL');
    await ended;
    socket?.terminate();
  };
  t.after(stop);
  // As old host agents mute: the sound's packets are left out, the tables still promise them.
  return {stop, sendText: text => socket.send(text), muteRaw: muted => { mutedRaw = muted; }};
}

/** Starts ffmpeg and has it post to a host, until the test ends. */
export function post(t, url, recipe) {
  const ffmpeg = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...recipe, '-f', 'mpegts', url], {stdio: ['ignore', 'ignore', 'inherit']});
  const ended = new Promise(resolve => ffmpeg.once('exit', resolve));
  t.after(async () => {
    ffmpeg.kill('SIGKILL');
    await ended;
  });
}

/** A connection that sends what it is told. */
export async function openSender(t, base, name) {
  const socket = new WebSocket(inTopic(base, name));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  t.after(() => socket.terminate());
  return socket;
}
