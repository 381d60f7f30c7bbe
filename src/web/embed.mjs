// Turns what Vite built into what the compiler takes: an assembler file that includes the bytes, and a table of
// them as C++. A file large enough to gain from it is included a second time, compressed.
//
//   node embed.mjs DIST OUT

import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {extname, join} from 'node:path';
import {gzipSync} from 'node:zlib';

const [dist, out] = process.argv.slice(2);

const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

const filesUnder = folder => readdirSync(folder, {withFileTypes: true})
  .flatMap(entry => entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]);

// "dist/view.html" is the page "/view"; everything else keeps its name.
const pathOf = file => file.slice(dist.length).replaceAll('\\', '/').replace(/\.html$/, '');

mkdirSync(join(out, 'gzip'), {recursive: true});

const assets = filesUnder(dist).sort().map((file, number) => {
  const contentType = contentTypes[extname(file)];
  if (!contentType) throw new Error(`${file}: add the content type of ${extname(file)} to embed.mjs`);
  const bytes = readFileSync(file);
  const packed = gzipSync(bytes, {level: 9});
  const worthIt = packed.length < bytes.length * 0.9 && bytes.length > 256;
  const packedFile = join(out, 'gzip', `${number}.gz`);
  if (worthIt) writeFileSync(packedFile, packed);
  const path = pathOf(file);
  return {
    file, path, contentType, bytes, number,
    packedFile: worthIt ? packedFile : null,
    packed: worthIt ? packed : Buffer.alloc(0),
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    immutable: path.startsWith('/assets/'),
  };
});

const include = (symbol, file, digest) => [
  `# ${digest}`, '.balign 16', `.globl ${symbol}`, `.hidden ${symbol}`, `${symbol}:`, `.incbin ${JSON.stringify(file)}`,
];
writeFileSync(join(out, 'assets_data.s'), [
  '.section .rodata',
  ...assets.flatMap(a => [
    ...include(`crosspoint_asset_${a.number}`, a.file, a.etag),
    ...(a.packedFile ? include(`crosspoint_asset_${a.number}_gzip`, a.packedFile, a.etag) : []),
  ]),
  '.section .note.GNU-stack,"",@progbits',
  '',
].join('\n'));

const symbols = assets.flatMap(a => [
  `extern const std::byte crosspoint_asset_${a.number}[];`,
  ...(a.packedFile ? [`extern const std::byte crosspoint_asset_${a.number}_gzip[];`] : []),
]);
const row = a => `    {${JSON.stringify(a.path)}, ${JSON.stringify(a.contentType)}, ${JSON.stringify(`"${a.etag}"`)}, ` +
  `{crosspoint_asset_${a.number}, ${a.bytes.length}}, ` +
  `${a.packedFile ? `{crosspoint_asset_${a.number}_gzip, ${a.packed.length}}` : '{}'}, ${a.immutable}},`;
writeFileSync(join(out, 'assets_table.cpp'), [
  '// Written by embed.mjs.',
  '#include "web/assets.h"',
  '',
  'extern "C" {',
  ...symbols,
  '}',
  '',
  'namespace crosspoint::web {',
  'std::span<const Asset> assets() {',
  '  static const Asset table[] = {',
  ...assets.map(row),
  '  };',
  '  return table;',
  '}',
  '}  // namespace crosspoint::web',
  '',
].join('\n'));
