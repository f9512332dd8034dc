import {createHash} from 'node:crypto'
import {chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'

import {build, type Plugin} from 'esbuild'

import {bundleScreen, common} from './bundle.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const {version} = JSON.parse(readFileSync(at('package.json'), 'utf8')) as {version: string}

// Beside the old build until it is done, so that nobody meets half a build.
const folder = at(`dist.new-${process.pid}`)
rmSync(folder, {recursive: true, force: true})
mkdirSync(folder)

/** Parts of Node that most commands never call, and that take long to load: each is loaded at its first call. */
const late = ['child_process', 'crypto', 'fs/promises', 'readline/promises', 'sqlite', 'v8']

const lateBuiltins: Plugin = {
  name: 'late-builtins',
  setup({onResolve, onLoad}) {
    onResolve({filter: new RegExp(`^node:(${late.join('|')})$`)}, ({path}) => ({path, namespace: 'late'}))
    onLoad({filter: /./, namespace: 'late'}, ({path}) => ({contents: lateModule(path)}))
  },
}

function lateModule(path: string): string {
  const load = `process.getBuiltinModule(${JSON.stringify(path)})`
  const names = Object.entries(createRequire(import.meta.url)(path) as object)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name)
  const calls = names.map(
    (name) =>
      `export function ${name}(...args) { const {${name}: it} = ${load}; return new.target ? new it(...args) : it(...args) }`,
  )
  return `${calls.join('\n')}\nexport default {${names.join()}}`
}

/** Ink can be had as a module alone: whoever loads main.js gives it the way to the screen. */
const screenApart: Plugin = {
  name: 'screen-apart',
  setup({onResolve, onLoad}) {
    onResolve({filter: /\/open-screen\.ts$/}, ({path}) => ({path, namespace: 'screen'}))
    onLoad({filter: /./, namespace: 'screen'}, () => ({
      contents: 'export const openScreen = async (options) => (await loadScreen()).openScreen(options)',
    }))
  },
}

/** A third of all code, and most commands need none of it: those that do load it from a file beside, of this name. */
const apart = {'@xterm/headless': 'terminal', ws: 'websocket'}
/** Where they lie, by these names. */
const found: Record<string, string> = {}

const librariesApart: Plugin = {
  name: 'libraries-apart',
  setup({onResolve, onLoad, resolve}) {
    const filter = new RegExp(`^(${Object.keys(apart).join('|')})$`)
    onResolve({filter}, async ({path, kind, resolveDir, pluginData}) => {
      if (pluginData === librariesApart) return undefined
      const name = apart[path as keyof typeof apart]
      found[name] = (await resolve(path, {kind, resolveDir, pluginData: librariesApart})).path
      return {path: name, namespace: 'apart'}
    })
    // By `require` also where it is imported: what main.js is run by knows no other way.
    onLoad({filter: /./, namespace: 'apart'}, ({path}) => ({contents: `module.exports = require('./${path}.js')`}))
    onResolve({filter: /./, namespace: 'apart'}, ({path}) => ({path, external: true}))
  },
}

/** For an importer that wants a part of Node whole, esbuild copies name by name, and Node makes what it had left for later. */
const wholeBuiltins: Plugin = {
  name: 'whole-builtins',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^node:(fs|path|process)$/}, ({path, importer}) =>
      importer.includes('/node_modules/commander/') ? {path, namespace: 'whole'} : undefined,
    )
    onLoad({filter: /./, namespace: 'whole'}, ({path}) => ({
      contents: `export default process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

const define = {__VERSION__: JSON.stringify(version)}

// One file of CommonJS: it is there sooner than any number of modules. What a command needs is run when it is called. `run`,
// which scripts call often, has a file of its own, with no more than that.
// The file is one expression, a function that enter.cjs calls with what it needs. Were enter.cjs to put a wrapper around its
// text, the whole text would be copied. The 'use strict' of esbuild comes too late to be heard.
await build({
  ...common,
  outdir: folder,
  entryPoints: {main: 'src/main.ts', run: 'src/run.ts'},
  format: 'cjs',
  define: {...common.define, ...define, 'import.meta.url': '__url', 'performance.now': 'monotonicNow'},
  inject: [at('src/monotonic-now.ts')],
  banner: {
    js: `(function(require,__filename,loadScreen){'use strict';const __url=require('node:url').pathToFileURL(__filename).href;`,
  },
  footer: {js: '})'},
  plugins: [screenApart, librariesApart, wholeBuiltins, lateBuiltins],
})
await build({...common, outdir: folder, entryPoints: found, format: 'cjs'})

const hash = createHash('sha256')
for (const name of ['main.js', 'run.js']) {
  const text = readFileSync(`${folder}/${name}`)
  assertAscii(name, text)
  hash.update(text)
}

// The screen is loaded only by the process that has one.
await bundleScreen({entryPoints: {screen: 'src/app/open-screen.ts'}, folder, define})

cpSync(at('src/cli.cjs'), `${folder}/cli.js`)
chmodSync(`${folder}/cli.js`, 0o755)
const enter = readFileSync(at('src/enter.cjs'), 'utf8').replace("'BUILD'", `'${hash.digest('hex').slice(0, 16)}'`)
writeFileSync(`${folder}/enter.cjs`, enter)
// The package is ESM; the door must be readable for Nodes that know only CommonJS.
writeFileSync(`${folder}/package.json`, '{"type": "commonjs"}\n')

const old = at(`dist.old-${process.pid}`)
if (existsSync(at('dist'))) renameSync(at('dist'), old)
renameSync(folder, at('dist'))
rmSync(old, {recursive: true, force: true})

/**
 * A single other character makes V8 keep the file at two bytes a character. esbuild escapes strings, but not regular
 * expressions.
 */
function assertAscii(name: string, text: Buffer): void {
  const strange = text.findIndex((byte) => byte > 127)
  if (strange === -1) return
  const place = text.subarray(Math.max(0, strange - 40), strange + 40).toString()
  throw new Error(`Expected ${name} to be ASCII, so that it loads fast; write an escape for what is in \`${place}\``)
}
