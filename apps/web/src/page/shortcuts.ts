import {orderSessions} from '@holdfast/session-view'
import {useEffect} from 'react'

import {useApp} from '../app-context.ts'
import {goTo, parseRoute} from '../route.ts'
import {shortcuts, type ShortcutName} from '../ui/shortcut-list.ts'

/** The keys of the page: all with Alt or Ctrl, so that no letter that is typed is one. */
export function useShortcuts(): void {
  const {link} = useApp()
  useEffect(() => {
    const step = (by: number) => {
      const ordered = orderSessions(link.sessions.value?.values() ?? [])
      const route = parseRoute(location.hash)
      const at = route.kind === 'session' ? ordered.findIndex(({id}) => id === route.id) : -1
      const next = ordered[Math.max(0, Math.min(ordered.length - 1, at + by))]
      if (next !== undefined) goTo({kind: 'session', id: next.id, isTerminal: false})
    }
    const actions: Readonly<Record<ShortcutName, () => void>> = {
      search: () => goTo({kind: 'search'}),
      new: () => goTo({kind: 'new'}),
      next: () => step(1),
      previous: () => step(-1),
      compose: () => document.querySelector<HTMLElement>('[data-shortcut="compose"]')?.focus(),
      attach() {
        const route = parseRoute(location.hash)
        if (route.kind === 'session') goTo({...route, isTerminal: !route.isTerminal})
      },
      keys: () => goTo({kind: 'settings'}),
    }
    const press = (event: KeyboardEvent) => {
      // A terminal gets its keys.
      if (event.target instanceof Element && event.target.closest('.xterm') !== null) return
      const found = shortcuts.find(
        ({code, needs}) =>
          event.code === code && (needs === 'alt' ? event.altKey && !event.ctrlKey : event.ctrlKey || event.metaKey),
      )
      if (found === undefined || event.shiftKey) return
      event.preventDefault()
      actions[found.name]()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [link])
}
