import {chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {build} from 'esbuild'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Bundles a program into a folder that is made anew, behind our door: `cli.js` starts it. Of the app, or of what is to be
 * measured beside it.
 */
export async function bundle(entry: string, folder: string): Promise<void> {
  const {version} = JSON.parse(readFileSync(at('package.json'), 'utf8')) as {version: string}
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {recursive: true})

  await build({
    absWorkingDir: at('.'),
    entryPoints: {main: entry},
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
      'react-devtools-core': at('src/no-devtools.cjs'),
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
}
