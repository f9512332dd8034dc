import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {brotliCompressSync, constants} from 'node:zlib'

import {defineConfig, type Plugin, type ProxyOptions} from 'vite'

/** A `holdfast serve` for `pnpm dev`: its address, and the file with its access token. */
const {HOLDFAST_SERVE = 'http://127.0.0.1:7373', HOLDFAST_TOKEN_FILE} = process.env

const gateway: ProxyOptions = {
  target: HOLDFAST_SERVE,
  ws: true,
  // The page's own server is another one: the gateway would refuse its origin.
  configure: (proxy) => {
    proxy.on('proxyReqWs', (request) => request.removeHeader('origin'))
    proxy.on('proxyReq', (request) => request.removeHeader('origin'))
  },
  ...(HOLDFAST_TOKEN_FILE !== undefined && {
    headers: {authorization: `Bearer ${readFileSync(HOLDFAST_TOKEN_FILE, 'utf8').trim()}`},
  }),
}
const proxy = {'/gateway': gateway, '/pair': gateway, '/unpair': gateway, '/device': gateway}

/** As `holdfast serve --web` sends it. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const {version} = JSON.parse(readFileSync(join(import.meta.dirname, '../tui/package.json'), 'utf8')) as {
  version: string
}

export default defineConfig({
  define: {__VERSION__: JSON.stringify(version)},
  // Packages are bundled from their sources: nothing has to be built for the page.
  resolve: {conditions: ['holdfast-source', 'module', 'browser', 'production']},
  build: {
    target: 'es2023',
    sourcemap: false,
    // Nothing inline: the page's policy allows none.
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
    rolldownOptions: {
      // A directive for servers that render React, which is none of ours.
      onwarn: (warning, warn) => void (warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning)),
    },
  },
  server: {proxy},
  preview: {proxy, headers: {'content-security-policy': policy}},
  plugins: [finished()],
})

/** Tells the service worker which files there are, and writes a Brotli file beside each, so that no request waits for it. */
function finished(): Plugin {
  let folder = ''
  return {
    name: 'finished',
    apply: 'build',
    configResolved: ({root, build}) => void (folder = join(root, build.outDir)),
    closeBundle() {
      const files = readdirSync(folder, {recursive: true, withFileTypes: true})
        .filter((entry) => entry.isFile())
        .map(({parentPath, name}) => join(parentPath, name))
        .toSorted()
      const worker = join(folder, 'service-worker.js')
      writeFileSync(worker, readFileSync(worker, 'utf8').replace('__PAGE__', pageOf(files, worker)))
      for (const file of files) {
        const data = readFileSync(file)
        const params = {[constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length}
        writeFileSync(`${file}.br`, brotliCompressSync(data, {params}))
      }
    },
  }

  /** The files of the page as the service worker knows them. */
  function pageOf(files: readonly string[], worker: string): string {
    const served = files.filter((file) => file !== worker)
    const digest = createHash('sha256')
    for (const file of files) digest.update(readFileSync(file))
    const addresses = served.map((file) => `/${relative(folder, file)}`.replace(/^\/index\.html$/, '/'))
    return JSON.stringify({files: addresses, digest: digest.digest('hex').slice(0, 16)})
  }
}
