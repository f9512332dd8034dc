import type {IncomingMessage} from 'node:http'
import {isIP} from 'node:net'

import type {AccessStore, Device} from '@holdfast/access'
import {isAuthorized} from '@holdfast/transport/websocket'

import {readCookie} from './cookies.ts'

/** Who sends a request. */
export interface RemoteCaller {
  name: string
  isReadOnly: boolean
  /** `undefined`: it has the access token. */
  device?: Device | undefined
}

export interface CallerOptions {
  access: AccessStore
  token: string
  /** Nobody may change anything. */
  isReadOnly: boolean
  isTls: boolean
  publicUrl: URL | undefined
}

/** The name of clients with the access token; no device can have it. */
const tokenName = 'token'

/** Finds out by a Bearer token, or else by the cookie of a device, who sends a request. */
export function findCaller({headers}: IncomingMessage, options: CallerOptions): RemoteCaller | undefined {
  const {access, token, isReadOnly} = options
  if (headers.authorization !== undefined) {
    return isAuthorized(headers.authorization, token) ? {name: tokenName, isReadOnly} : undefined
  }
  const cookie = readCookie(headers, isSecure(headers.host, options))
  const device = cookie === undefined ? undefined : access.findDevice(cookie)
  return device && {name: device.name, isReadOnly: isReadOnly || device.isReadOnly, device}
}

/** Whether the browser reaches this server over TLS. */
export function isSecure(host: string | undefined, {isTls, publicUrl}: Pick<CallerOptions, 'isTls' | 'publicUrl'>) {
  return isTls || (publicUrl?.protocol === 'https:' && URL.parse(`https://${host}`)?.host === publicUrl.host)
}

/** The address of the client. A proxy puts that of its own client last. */
export function addressOf({headers, socket}: IncomingMessage, hasProxy: boolean): string {
  const forwarded = hasProxy
    ? String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)!
        .trim()
    : ''
  return isIP(forwarded) ? forwarded : (socket.remoteAddress ?? '')
}
