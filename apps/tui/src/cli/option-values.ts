import type {DetachKey} from '@holdfast/terminal'
import {InvalidArgumentError} from 'commander'

import {readTag, tagSyntax} from '../sessions/read-tag.ts'
import {detachKeySyntax, parseDetachKey} from '../settings/detach-key.ts'

/** The maximum of Node's timers; a larger delay would fire at once. */
const maxTimerMs = 2 ** 31 - 1
const maxLines = 1000
const maxPort = 65_535
const maxShards = 1024
const maxLeaseSeconds = 3600
const hour = 3_600_000
const units: Readonly<Record<string, number>> = {h: hour, d: 24 * hour, w: 7 * 24 * hour}

/** At most 15 digits. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

/** A delay for a timer, at most about 24 days. */
export function milliseconds(text: string): number {
  const value = wholeNumber(text)
  if (value > maxTimerMs) throw new InvalidArgumentError(`Expected at most ${maxTimerMs} ms.`)
  return value
}

export function lineCount(text: string): number {
  const value = wholeNumber(text)
  if (value < 1 || value > maxLines) throw new InvalidArgumentError(`Expected 1 to ${maxLines}.`)
  return value
}

/** Rows above the screen; the bound is the protocol's `maxScrollback`. */
export function scrollbackRows(text: string): number {
  const value = wholeNumber(text)
  if (value > maxLines) throw new InvalidArgumentError(`Expected 0 to ${maxLines}.`)
  return value
}

/** How many servers have each event of a fleet. */
export function replicaCount(text: string): number {
  if (!['1', '3', '5'].includes(text)) throw new InvalidArgumentError('Expected 1, 3 or 5.')
  return Number(text)
}

/** The streams of a fleet. */
export function shardCount(text: string): number {
  const value = wholeNumber(text)
  if (value < 1 || value > maxShards) throw new InvalidArgumentError(`Expected 1 to ${maxShards}.`)
  return value
}

/** Seconds, in ms. */
export function leaseTime(text: string): number {
  const value = wholeNumber(text)
  if (value < 1 || value > maxLeaseSeconds) throw new InvalidArgumentError(`Expected 1 to ${maxLeaseSeconds}.`)
  return value * 1000
}

/** Hours, days or weeks, in ms. */
export function longTime(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,6})([hdw])$/.exec(text) ?? []
  const unitMs = units[unit]
  if (unitMs === undefined) throw new InvalidArgumentError('Expected a time, as in 12h, 30d or 8w.')
  return Number(digits) * unitMs
}

/** How long a device may connect, in ms: at most 400 days, as browsers keep no cookie for longer. */
export function deviceTime(text: string): number {
  const value = longTime(text)
  if (value < hour || value > 400 * 24 * hour) throw new InvalidArgumentError('Expected 1h to 400d.')
  return value
}

/** A size in bytes; k, M and G are powers of 1024. */
export function byteCount(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12})([kmg]?)$/i.exec(text) ?? []
  if (digits === undefined) throw new InvalidArgumentError('Expected a size, as in 500000, 64M or 2G.')
  return Number(digits) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ')
}

/** A tag, behind those that were given before it. */
export function tags(text: string, before: readonly string[] = []): readonly string[] {
  const tag = readTag(text)
  if (tag === undefined) throw new InvalidArgumentError(`Expected ${tagSyntax}.`)
  return [...before, tag]
}

/** A variable, beside those that were given before it. */
export function variables(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Expected NAME=VALUE.')
  return {...before, [text.slice(0, at)]: text.slice(at + 1)}
}

/** See `parseDetachKey`. */
export function detachKey(text: string): DetachKey {
  const key = parseDetachKey(text)
  if (key === undefined) throw new InvalidArgumentError(`Expected ${detachKeySyntax}.`)
  return key
}

/** A host name, an IPv4 address or an IPv6 address in brackets, and a port. */
export function listenAddress(text: string): {host: string; port: number} {
  const [, six, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const host = six ?? name
  const port = Number(digits)
  if (host === undefined || port > maxPort) throw new InvalidArgumentError('Expected HOST:PORT, as in 127.0.0.1:7000.')
  return {host, port}
}

/** The address of a proxy: nothing but scheme, host and port. */
export function publicUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.href !== `${url.origin}/`)
    throw new InvalidArgumentError('Expected https://HOST or https://HOST:PORT.')
  return url
}

/** The same as a text without a slash at its end. */
export function webAddress(text: string): string {
  return publicUrl(text).origin
}

/** Why a gateway URL is invalid; never contains the URL, which may hold credentials. */
export function urlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !['ws:', 'wss:'].includes(url.protocol)) return 'expected ws://HOST:PORT or wss://HOST'
  const hasCredentials = url.username !== '' || url.password !== ''
  return hasCredentials ? 'credentials do not belong in the URL: use --token-file' : undefined
}

export function terminalSize(text: string): {cols: number; rows: number} {
  const [, cols, rows] = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text) ?? []
  if (cols === undefined || rows === undefined)
    throw new InvalidArgumentError('Expected columns and rows, as in 120x40.')
  return {cols: Number(cols), rows: Number(rows)}
}
