import {sessionIdPattern} from '@holdfast/protocol'
import {useMemo, useSyncExternalStore} from 'react'

import type {FoundLine} from './transcript/find-block.ts'

/** The beginning of a line is enough to find it again, UTF-16 units. */
const maxTextLength = 200

/** What the page shows, by the fragment of its address. */
export type Route =
  | {kind: 'sessions'}
  | {kind: 'new'}
  | {kind: 'search'; query?: string}
  | {kind: 'settings'}
  /** The address of a session whose id is not valid. */
  | {kind: 'unknown'}
  /** `found`: the line to show first. */
  | {kind: 'session'; id: string; isTerminal: boolean; found?: FoundLine}

/**
 * `#/`, `#/new`, `#/search`, `#/search/QUERY`, `#/settings`, `#/s/ID`, `#/s/ID/terminal`, `#/s/ID/at/SEQ/TEXT`; `unknown` if ID is not a
 * valid session id. Anything else is the list of sessions. Pure.
 */
export function parseRoute(hash: string): Route {
  const [first, id, view, seq, text] = hash.replace(/^#?\/?/, '').split('/')
  if (first === 'new' || first === 'settings') return {kind: first}
  if (first === 'search') {
    const query = decode(id ?? '')
    return query === '' ? {kind: 'search'} : {kind: 'search', query}
  }
  if (first === 's' && id !== undefined && id !== '') {
    if (!sessionIdPattern.test(id)) return {kind: 'unknown'}
    const route = {kind: 'session', id, isTerminal: view === 'terminal'} as const
    if (view !== 'at' || seq === undefined || !/^\d{1,15}$/.test(seq)) return route
    return {...route, found: {seq: Number(seq), text: decode(text ?? '')}}
  }
  return {kind: 'sessions'}
}

/** The address of a route. Pure. */
export function routeHref(route: Route): string {
  if (route.kind === 'sessions') return '#/'
  if (route.kind === 'search' && route.query !== undefined) return `#/search/${encode(route.query)}`
  if (route.kind !== 'session') return `#/${route.kind}`
  const {id, isTerminal, found} = route
  if (found === undefined) return `#/s/${id}${isTerminal ? '/terminal' : ''}`
  return `#/s/${id}/at/${found.seq}/${encode(found.text.slice(0, maxTextLength))}`
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

export function sessionHref(id: string): string {
  return routeHref({kind: 'session', id, isTerminal: false})
}

export function goTo(route: Route): void {
  location.hash = routeHref(route)
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  return useMemo(() => parseRoute(hash), [hash])
}
