import {createHash} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {extname, join, relative} from 'node:path'

import {sendText} from './answers.ts'

interface PageFile {
  bytes: Buffer
  /** The same, compressed by brotli. */
  compressed: Buffer | undefined
  etag: string
  headers: Readonly<Record<string, string>>
}

/** The files of a page by their paths, such as `/` and `/assets/app-3f2a.js`. Nothing else can be asked for. */
export type PageFiles = ReadonlyMap<string, PageFile>

/** The page is kept in memory, bytes. */
const maxBytes = 16 * 1024 * 1024
/** The build puts a digest of their contents into the names of these. */
const immutable = /^\/assets\/.+-[\w-]{8}\.\w+$/

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Reads the files of a page. `FILE.br` is FILE, compressed. Throws the errors of the file system, and a `RangeError` over 16 MiB. */
export function readPageFiles(folder: string): PageFiles {
  const contents = new Map<string, Buffer>()
  let bytes = 0
  for (const entry of readdirSync(folder, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const content = readFileSync(file)
    bytes += content.length
    if (bytes > maxBytes) throw new RangeError(`the page in ${folder} has more than ${maxBytes} bytes`)
    contents.set(`/${relative(folder, file)}`, content)
  }
  const files = new Map<string, PageFile>()
  for (const [path, content] of contents) {
    if (path.endsWith('.br') && contents.has(path.slice(0, -3))) continue
    files.set(path === '/index.html' ? '/' : path, toPageFile(path, content, contents.get(`${path}.br`)))
  }
  return files
}

function toPageFile(path: string, bytes: Buffer, compressed: Buffer | undefined): PageFile {
  return {
    bytes,
    compressed,
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    headers: {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'cache-control': immutable.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(compressed && {vary: 'accept-encoding'}),
    },
  }
}

/** Answers a request for a file of the page. */
export function sendPageFile(files: PageFiles, path: string, request: IncomingMessage, response: ServerResponse): void {
  const file = files.get(path)
  if (file === undefined) return sendText(response, 404, 'There is nothing here.')
  const {method, headers} = request
  if (method !== 'GET' && method !== 'HEAD') return sendText(response, 405, 'Expected GET.', {allow: 'GET, HEAD'})
  const compressed = acceptsBrotli(headers['accept-encoding']) ? file.compressed : undefined
  const etag = `"${file.etag}${compressed ? '-br' : ''}"`
  const own = {...file.headers, etag, ...(compressed && {'content-encoding': 'br'})}
  if (headers['if-none-match'] === etag) return void response.writeHead(304, own).end()
  const bytes = compressed ?? file.bytes
  response.writeHead(200, {...own, 'content-length': bytes.length})
  response.end(method === 'HEAD' ? undefined : bytes)
}

function acceptsBrotli(header: string | string[] = ''): boolean {
  return String(header)
    .split(',')
    .some((one) => /^\s*br\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(one))
}
