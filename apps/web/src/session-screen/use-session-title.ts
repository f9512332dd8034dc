import {listedTitle} from '@holdfast/protocol'
import {useSyncExternalStore} from 'react'

import {useApp} from '../app-context.ts'
import type {SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'

/** The title of a session as the list has it; `undefined` until it is known. */
export function useSessionTitle({id, view}: SessionModel): string | undefined {
  const {sessions} = useApp().link
  // Also of a closed session, whose log the page does not read from the first prompt, which may be its title.
  const listed = useSyncExternalStore(sessions.subscribe, () => sessions.value?.get(id)?.title)
  const {state} = useStore(view)
  return listed ?? (state && listedTitle(state))
}
