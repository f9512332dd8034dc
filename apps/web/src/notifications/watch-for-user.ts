import type {SessionMap} from '@holdfast/client'

import type {Readable} from '../store.ts'
import {titleWaiting} from '../ui/page-title.ts'
import type {Notifier} from './notifier.ts'
import {needsUser, planNotices, type Running} from './plan-notices.ts'

/** Counts in the title of the page what waits for its user, and notifies of it while the page is hidden. Returns a function that ends this. */
export function watchForUser(sessions: Readable<SessionMap | undefined>, {notify}: Notifier): () => void {
  let before: SessionMap | undefined
  let running: Running = new Map()
  const look = () => {
    const now = sessions.value
    if (now === undefined) return
    const planned = planNotices(before, now, running, Date.now())
    before = new Map(now)
    running = planned.running
    titleWaiting([...now.values()].filter(needsUser).length)
    if (document.visibilityState === 'visible') return
    // What cannot be shown is on the page.
    for (const notice of planned.notices) void notify(notice).catch(() => undefined)
  }
  look()
  return sessions.subscribe(look)
}
