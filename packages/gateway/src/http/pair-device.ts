import type {IncomingMessage, ServerResponse} from 'node:http'

import type {AttemptLimit} from '@holdfast/access'
import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import * as z from 'zod/mini'

import {readBody, sendJson} from './answers.ts'
import {writeCookie} from './cookies.ts'
import {addressOf, isSecure, type CallerOptions} from './find-caller.ts'

const maxBodyBytes = 1024
const pairing = z.object({code: z.string(), name: z._default(z.string(), '')})

export interface PairOptions extends CallerOptions {
  limit: AttemptLimit
  breadcrumbs: Breadcrumbs
}

/** Answers `POST /pair`: makes a device of a one-time code, and gives it a cookie. */
export async function pairDevice(request: IncomingMessage, response: ServerResponse, options: PairOptions) {
  const {access, limit, breadcrumbs, publicUrl} = options
  const address = addressOf(request, publicUrl !== undefined)
  const refuse = (status: number, error: string, reason: string, headers = {}) => {
    breadcrumbs.record('pairing-refused', {address, reason})
    sendJson(response, status, {error}, headers)
  }
  // Any page may send a form, or a text; with this type, browsers first ask whether it may, and it may not.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return refuse(415, 'Expected JSON.', 'content type', {connection: 'close'})
  }
  const waitMs = limit.take(address, Date.now())
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000)
    const headers = {'retry-after': seconds, connection: 'close'}
    return refuse(429, `Too many attempts: try again in ${seconds} s.`, 'too many attempts', headers)
  }
  const body = await readBody(request, maxBodyBytes)
  if (body === undefined) {
    return refuse(413, `Expected at most ${maxBodyBytes} bytes.`, 'too large', {connection: 'close'})
  }
  const parsed = pairing.safeParse(readJson(body))
  if (!parsed.success) return refuse(400, 'Expected {"code": "…", "name": "…"}.', 'malformed')

  const outcome = access.redeem(parsed.data.code, parsed.data.name)
  if (outcome.kind === 'refused') {
    return refuse(403, 'This code is wrong, was used, or has expired.', 'wrong code')
  }
  if (outcome.kind === 'too-many-devices') {
    return refuse(409, 'There are too many devices: `holdfast devices revoke NAME` removes one.', 'too many devices')
  }
  const {device, token} = outcome
  const isReadOnly = options.isReadOnly || device.isReadOnly
  breadcrumbs.record('device-paired', {device: device.name, read_only: device.isReadOnly, address})
  const {host = ''} = request.headers
  const cookie = writeCookie(host, isSecure(host, options), token, device.expiresAt - device.createdAt)
  const answer = {name: device.name, read_only: isReadOnly, expires_at: device.expiresAt}
  sendJson(response, 200, answer, {'set-cookie': cookie})
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
