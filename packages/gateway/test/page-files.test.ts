import {once} from 'node:events'
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {connect, type AddressInfo} from 'node:net'
import {text} from 'node:stream/consumers'
import {brotliCompressSync} from 'node:zlib'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {setSecurityHeaders} from '../src/http/answers.ts'
import {readPageFiles, sendPageFile} from '../src/http/page-files.ts'

let folder: string
const cleanups: (() => unknown)[] = []
beforeEach(() => {
  folder = mkdtempSync('/tmp/hf-page-')
  mkdirSync(`${folder}/page/assets`, {recursive: true})
  writeFileSync(`${folder}/page/index.html`, '<!doctype html>')
  writeFileSync(`${folder}/page/assets/app-Bq_2x-aL.js`, 'run()'.repeat(50))
  writeFileSync(`${folder}/page/assets/app-Bq_2x-aL.js.br`, brotliCompressSync('run()'.repeat(50)))
  writeFileSync(`${folder}/page/service-worker.js`, '')
  writeFileSync(`${folder}/secret`, 'secret')
  symlinkSync(`${folder}/secret`, `${folder}/page/link`)
})
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp()
  rmSync(folder, {recursive: true})
})

async function serve(): Promise<number> {
  const files = readPageFiles(`${folder}/page`)
  const server = createServer((request, response) => {
    setSecurityHeaders(response)
    sendPageFile(files, request.url ?? '', request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** The whole answer to a request whose path is sent as it is: `fetch` would tidy it up. */
async function ask(port: number, path: string, headers: readonly string[] = [], method = 'GET'): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end([`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n'))
  return await text(socket)
}

test('the page is served with headers that let it load nothing else, and stand in no frame', async () => {
  const answer = await ask(await serve(), '/')
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
  expect(answer).toContain('\r\n\r\n<!doctype html>')
  for (const header of [
    'content-type: text/html; charset=utf-8',
    'cache-control: no-cache',
    "content-security-policy: default-src 'none'; script-src 'self';",
    "frame-ancestors 'none'",
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
    'cross-origin-opener-policy: same-origin',
    'cross-origin-resource-policy: same-origin',
  ]) {
    expect(answer).toContain(header)
  }
  expect(answer).not.toMatch(/unsafe-inline|unsafe-eval|access-control/i)
})

test('a file whose name has a digest is kept for ever, and is compressed for who takes that', async () => {
  const port = await serve()
  const plain = await ask(port, '/assets/app-Bq_2x-aL.js')
  expect(plain).toContain('cache-control: public, max-age=31536000, immutable')
  expect(plain).toContain('\r\n\r\nrun()')
  const compressed = await ask(port, '/assets/app-Bq_2x-aL.js', ['Accept-Encoding: gzip, br'])
  expect(compressed).toContain('content-encoding: br')
  expect(compressed).toContain('vary: accept-encoding')
  expect(compressed).not.toContain('run()run()')
  expect(await ask(port, '/assets/app-Bq_2x-aL.js', ['Accept-Encoding: br;q=0'])).toContain('\r\n\r\nrun()')
  // A service worker keeps its name.
  expect(await ask(port, '/service-worker.js')).toContain('cache-control: no-cache')
})

test('what a browser has is not sent again', async () => {
  const port = await serve()
  const etag = /^etag: (.*)\r$/m.exec(await ask(port, '/'))?.[1]
  const answer = await ask(port, '/', [`If-None-Match: ${etag}`])
  expect(answer).toMatch(/^HTTP\/1.1 304 /)
  expect(answer).not.toContain('doctype')
})

test('only GET and HEAD are answered', async () => {
  const port = await serve()
  const head = await ask(port, '/', [], 'HEAD')
  expect(head).toMatch(/^HTTP\/1.1 200 .*content-length: 15\r\n.*\r\n\r\n$/s)
  expect(await ask(port, '/', [], 'PUT')).toMatch(/^HTTP\/1.1 405 .*allow: GET, HEAD\r\n/s)
})

test.each([
  '/../secret',
  '/assets/../../secret',
  '/%2e%2e/secret',
  '/..%2fsecret',
  '//secret',
  '/link',
  '/assets',
  '/assets/',
  '/assets/app-Bq_2x-aL.js.br',
  '/index.html',
  '/constructor',
  '/\0',
])('no other path leads to a file: %j', async (path) => {
  expect(await ask(await serve(), path)).toMatch(/^HTTP\/1.1 40[04] /)
})

test('a folder that is too large is no page', () => {
  writeFileSync(`${folder}/page/large`, Buffer.alloc(17 * 1024 * 1024))
  expect(() => readPageFiles(`${folder}/page`)).toThrow(RangeError)
})
