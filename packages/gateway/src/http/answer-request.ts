import type {IncomingMessage, ServerResponse} from 'node:http'

import {sendJson, sendText, setSecurityHeaders} from './answers.ts'
import {writeCookie} from './cookies.ts'
import {findCaller, isSecure} from './find-caller.ts'
import {sendPageFile, type PageFiles} from './page-files.ts'
import {pairDevice, type PairOptions} from './pair-device.ts'

export interface AnswerOptions extends PairOptions {
  /** `undefined`: there is no page. */
  page: PageFiles | undefined
  /** A device has revoked itself. */
  onRevoked: () => void
}

type Answer = (request: IncomingMessage, response: ServerResponse, options: AnswerOptions) => void | Promise<void>

const routes: ReadonlyMap<string, {method: 'GET' | 'POST'; answer: Answer}> = new Map([
  ['/pair', {method: 'POST', answer: pairDevice}],
  ['/unpair', {method: 'POST', answer: unpairDevice}],
  ['/device', {method: 'GET', answer: describeDevice}],
])

/** Answers a request that is no WebSocket. Its Host and Origin are of this server. */
export function answerRequest(request: IncomingMessage, response: ServerResponse, options: AnswerOptions): void {
  const path = (request.url ?? '').replace(/\?.*/s, '')
  setSecurityHeaders(response)
  const route = routes.get(path)
  if (route === undefined) {
    if (options.page !== undefined) return sendPageFile(options.page, path, request, response)
    return sendText(response, 404, 'There is no page here: `holdfast serve --web` serves one.')
  }
  if (request.method !== route.method) {
    return sendJson(response, 405, {error: `Expected ${route.method}.`}, {allow: route.method, connection: 'close'})
  }
  // Browsers send it with every POST, so it is a page of this server.
  if (route.method === 'POST' && request.headers.origin === undefined) {
    return sendJson(response, 403, {error: 'Expected the header Origin.'}, {connection: 'close'})
  }
  void answer(route.answer, request, response, options)
}

async function answer(next: Answer, request: IncomingMessage, response: ServerResponse, options: AnswerOptions) {
  try {
    await next(request, response, options)
  } catch (error) {
    // The client is gone.
    if (request.socket.destroyed) return
    options.breadcrumbs.record('request-failed', {message: (error as Error).message})
    sendJson(response, 503, {error: 'The credentials cannot be read or written at the moment.'})
  }
}

/** A proxy in front of the server may answer 401, too: the page recognises this answer by its code. */
const notPaired = {error: 'This device is not paired.', code: 'not-paired'}

function describeDevice(request: IncomingMessage, response: ServerResponse, options: AnswerOptions): void {
  const caller = findCaller(request, options)
  if (caller === undefined) return sendJson(response, 401, notPaired)
  const {name, isReadOnly, device} = caller
  sendJson(response, 200, {name, read_only: isReadOnly, expires_at: device?.expiresAt})
}

function unpairDevice(request: IncomingMessage, response: ServerResponse, options: AnswerOptions): void {
  const device = findCaller(request, options)?.device
  if (device === undefined) return sendJson(response, 401, notPaired)
  options.access.revoke(device.name)
  options.breadcrumbs.record('device-revoked', {device: device.name, by: 'itself'})
  options.onRevoked()
  const {host = ''} = request.headers
  const cookie = writeCookie(host, isSecure(host, options), '', 0)
  response.writeHead(204, {'set-cookie': cookie, 'cache-control': 'no-store'}).end()
}
