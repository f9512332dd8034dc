import {chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {build} from 'esbuild'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const {version} = JSON.parse(readFileSync(at('package.json'), 'utf8')) as {version: string}

// Beside the old build until it is done, so that nobody meets half a build.
const folder = at(`dist.new-${process.pid}`)
rmSync(folder, {recursive: true, force: true})
mkdirSync(folder)

await build({
  absWorkingDir: at('.'),
  entryPoints: {main: 'src/main.ts'},
  outdir: folder,
  outExtension: {'.js': '.mjs'},
  bundle: true,
  // One small file for each kind of process; the screen is loaded only by the one that has a screen.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  jsx: 'automatic',
  conditions: ['holdfast-source'],
  // A native module cannot be bundled.
  external: ['@lydell/node-pty'],
  alias: {
    // Ink asks for it only when DEV is set.
    'react-devtools-core': './src/no-devtools.cjs',
  },
  define: {
    'process.env.NODE_ENV': '"production"',
    __VERSION__: JSON.stringify(version),
    // The loader of Ink's layout engine would otherwise pull in Node's fetch, 30 ms of the start.
    fetch: 'undefined',
  },
  banner: {
    js: `import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);`,
  },
  logLevel: 'warning',
})

cpSync(at('src/cli.cjs'), `${folder}/cli.js`)
chmodSync(`${folder}/cli.js`, 0o755)
cpSync(at('src/enter.cjs'), `${folder}/enter.cjs`)
// The package is ESM; the door must be readable for Nodes that know only CommonJS.
writeFileSync(`${folder}/package.json`, '{"type": "commonjs"}\n')

const old = at(`dist.old-${process.pid}`)
if (existsSync(at('dist'))) renameSync(at('dist'), old)
renameSync(folder, at('dist'))
rmSync(old, {recursive: true, force: true})
