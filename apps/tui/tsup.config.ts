import {readFileSync, rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'

import {defineConfig, type Options} from 'tsup'

import {preset} from '../../tooling/tsup/preset.ts'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]
type OutputPlugin = NonNullable<Options['plugins']>[number]

const {version} = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as {version: string}

/** CommonJS for V8's code cache, which takes scripts but no modules. */
const commonJs = {
  ...preset,
  format: 'cjs',
  clean: false,
} satisfies Options

/** A program and all packages that it imports, as one file that start.cjs runs. */
export const program = {
  ...commonJs,
  minify: true,
  // What start.cjs gives to it. To put this around the text at run time would copy the text.
  banner: {js: '(function (require, mainUrl) {'},
  footer: {js: '})'},
  define: {
    __VERSION__: JSON.stringify(version),
    'import.meta.url': 'mainUrl',
    'process.env.NODE_ENV': '"production"',
  },
  esbuildPlugins: [inkWithoutTopLevelAwait(), yogaWithoutFetch(), jsoncParserAsModules()],
  plugins: [onlyAscii()],
  esbuildOptions(options) {
    options.conditions = ['holdfast-source']
    options.jsx = 'automatic'
    // A script that start.cjs runs can only `require`: what is not in it, too.
    options.supported = {'dynamic-import': false}
    // As Node does.
    options.mainFields = ['main']
    options.legalComments = 'linked'
    options.sourcesContent = false
  },
} satisfies Options

/** `holdfast mcp` has an SDK that would be a sixth of main.cjs; processes of a fleet have the client of NATS. */
const apart = [ownFile('mcp'), ownFile('fleet')]

export default defineConfig(() => {
  // Once, before all: each would remove what the others have written.
  rmSync(join(import.meta.dirname, 'dist'), {recursive: true, force: true})
  return [
    {
      ...program,
      entry: {main: 'src/bin/main.ts', internal: 'src/bin/internal.ts'},
      esbuildPlugins: [...program.esbuildPlugins, oneStringWidth(), ...apart],
    },
    {...program, banner: {}, footer: {}, entry: {mcp: '../../packages/mcp/src/index.ts'}},
    {...program, banner: {}, footer: {}, entry: {fleet: '../../packages/fleet/src/index.ts'}},
    {...commonJs, entry: ['src/bin/start.ts'], sourcemap: false},
    {...commonJs, entry: ['src/bin/cli.cjs'], bundle: false, sourcemap: false},
  ]
})

/** Ink awaits two things at its top level, which CommonJS cannot: React's devtools, and its layout engine. */
function inkWithoutTopLevelAwait(): Plugin {
  return {
    name: 'ink-without-top-level-await',
    setup({onLoad, onResolve}) {
      onLoad({filter: /\/ink\/build\/reconciler\.js$/}, ({path}) => ({
        contents: readFileSync(path, 'utf8').replaceAll("process.env['DEV'] === 'true'", 'false'),
      }))
      onResolve({filter: /^yoga-layout$/}, () => ({path: join(import.meta.dirname, 'src/ui/layout-engine.ts')}))
    },
  }
}

/** The main file of jsonc-parser loads its parts by a `require` that no bundler sees. */
function jsoncParserAsModules(): Plugin {
  return {
    name: 'jsonc-parser-as-modules',
    setup({onResolve}) {
      const {resolve} = createRequire(import.meta.url)
      onResolve({filter: /^jsonc-parser$/}, ({path}) => ({path: resolve(`${path}/lib/esm/main.js`)}))
    },
  }
}

/** A package that few processes load is a file of its own, which they `require`. */
function ownFile(name: string): Plugin {
  return {
    name: `${name}-apart`,
    setup({onResolve}) {
      // As start.cjs finds it.
      onResolve({filter: new RegExp(`^@holdfast/${name}$`)}, () => ({path: `./${name}.cjs`, external: true}))
    },
  }
}

/** The loader of Ink's layout engine fetches it from a data URL, which loads Node's HTTP client: 30 ms of each start. */
function yogaWithoutFetch(): Plugin {
  return {
    name: 'yoga-without-fetch',
    setup({onLoad}) {
      onLoad({filter: /\/yoga-layout\/dist\/binaries\/.*\.js$/}, ({path}) => ({
        contents: readFileSync(path, 'utf8').replaceAll('"function"!=typeof fetch', 'true'),
      }))
    },
  }
}

/**
 * One string-width, also for Ink. The version that Ink asks for compiles a regular expression of all emoji for the first frame, 15 ms;
 * a later one only for text that may have some, but makes it when it is loaded: another 14 ms, which are left for that text, too.
 */
function oneStringWidth(): Plugin {
  return {
    name: 'one-string-width',
    setup({onLoad, onResolve}) {
      const path = createRequire(import.meta.url).resolve('string-width')
      onResolve({filter: /^string-width$/}, () => ({path}))
      onLoad({filter: /\/string-width\/index\.js$/}, () => ({
        contents: readFileSync(path, 'utf8')
          .replaceAll('emojiPrefixRegex', 'emojiPrefixRegex()')
          .replace('const emojiPrefixRegex() = ', 'const emojiPrefixRegex = () => '),
      }))
    },
  }
}

/**
 * esbuild leaves characters in regular expressions as they are. One that is not in Latin-1 doubles the memory of the text of the
 * program, in each of its processes.
 */
function onlyAscii(): OutputPlugin {
  return {
    name: 'only-ascii',
    renderChunk: (code) => ({
      code: code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    }),
  }
}
