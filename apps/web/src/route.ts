import {sessionIdPattern} from '@holdfast/protocol'
import {useSyncExternalStore} from 'react'

/** What the page shows, by the fragment of its address. */
export type Route =
  | {kind: 'sessions'}
  | {kind: 'new'}
  | {kind: 'search'}
  | {kind: 'settings'}
  | {kind: 'session'; id: string; isTerminal: boolean}

/** `#/`, `#/new`, `#/search`, `#/settings`, `#/s/ID`, `#/s/ID/terminal`; anything else is the list of sessions. Pure. */
export function parseRoute(hash: string): Route {
  const [first, id, view] = hash.replace(/^#?\/?/, '').split('/')
  if (first === 'new' || first === 'search' || first === 'settings') return {kind: first}
  if (first === 's' && id !== undefined && sessionIdPattern.test(id)) {
    return {kind: 'session', id, isTerminal: view === 'terminal'}
  }
  return {kind: 'sessions'}
}

/** The address of a route. Pure. */
export function routeHref(route: Route): string {
  if (route.kind === 'sessions') return '#/'
  if (route.kind !== 'session') return `#/${route.kind}`
  return `#/s/${route.id}${route.isTerminal ? '/terminal' : ''}`
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
  return parseRoute(hash)
}
