import {InvalidArgumentError} from 'commander'

/** What a timer of Node can wait; above it, it would not wait at all. */
const maxTimerMs = 2 ** 31 - 1
const maxLines = 1000
const maxPort = 65_535
const hour = 3_600_000
const units: Readonly<Record<string, number>> = {h: hour, d: 24 * hour, w: 7 * 24 * hour}

/** Digits, 15 at most. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

/** What a timer can wait: some 24 days at most. */
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

/** The milliseconds of so many hours, days or weeks. */
export function longTime(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,6})([hdw])$/.exec(text) ?? []
  const unitMs = units[unit]
  if (unitMs === undefined) throw new InvalidArgumentError('Expected a time, as in 12h, 30d or 8w.')
  return Number(digits) * unitMs
}

/** Bytes, KiB, MiB or GiB, in bytes. */
export function byteCount(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12})([kmg]?)$/i.exec(text) ?? []
  if (digits === undefined) throw new InvalidArgumentError('Expected a size, as in 500000, 64M or 2G.')
  return Number(digits) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ')
}

/** The letter of `ctrl-X`. Not those that terminals send for other keys, or programs cannot do without. */
export function controlKey(text: string): string {
  const [, letter] = /^ctrl-([a-z])$/i.exec(text) ?? []
  if (letter === undefined || 'hijmc'.includes(letter.toLowerCase()))
    throw new InvalidArgumentError('Expected ctrl- and a letter but c, h, i, j, m, as in ctrl-o.')
  return letter.toLowerCase()
}

/** A name, an IPv4 address or, in brackets, an IPv6 address; and a port. */
export function listenAddress(text: string): {host: string; port: number} {
  const [, six, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const host = six ?? name
  const port = Number(digits)
  if (host === undefined || port > maxPort) throw new InvalidArgumentError('Expected HOST:PORT, as in 127.0.0.1:7000.')
  return {host, port}
}

/** What is wrong with the URL of a gateway. The URL is not in it, as there may be credentials in that. */
export function urlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !['ws:', 'wss:'].includes(url.protocol)) return 'expected ws://HOST:PORT or wss://HOST'
  const hasCredentials = url.username !== '' || url.password !== ''
  return hasCredentials ? 'expected no credentials in the URL; --token-file is for them' : undefined
}
