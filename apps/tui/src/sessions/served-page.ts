import {networkInterfaces} from 'node:os'

import {homePaths} from '@holdfast/event-log'
import {readPidFiles} from '@holdfast/supervisor'

type Interfaces = ReturnType<typeof networkInterfaces>

/** Where a `serve --web` of this home that runs now has its page, without a slash at the end. */
export function servedPage(home: string): string | undefined {
  const pages = readPidFiles(homePaths(home).run).filter(({role, page}) => role === 'serve' && page !== undefined)
  const last = pages.toSorted((one, other) => other.startedAt - one.startedAt)[0]
  return last?.page === undefined ? undefined : reachableUrl(last.page, networkInterfaces())
}

/** The same URL, with an address of this machine in the network where it listens at all of them (`0.0.0.0`, `::`). Pure. */
export function reachableUrl(page: string, interfaces: Interfaces): string {
  const url = new URL(page)
  if (!['0.0.0.0', '[::]'].includes(url.hostname)) return page
  const addresses = Object.values(interfaces).flatMap((all) => all ?? [])
  url.hostname = addresses.find(({family, internal}) => family === 'IPv4' && !internal)?.address ?? 'localhost'
  return url.origin
}

/** Whether only this machine reaches the page, and those that forward a port to it. */
export function isLoopbackPage(page: string): boolean {
  return /^(localhost|127\..*|\[::1\])$/.test(new URL(page).hostname)
}
