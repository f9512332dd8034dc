import type {Client, SessionMap} from '@holdfast/client'

import type {Settings} from '../settings/settings-schema.ts'
import {noteEnded, planTabs, type Tab} from '../ui/live/plan-tabs.ts'
import type {ScreenModel} from '../ui/screen-model.ts'

export interface SessionTabsOptions {
  client: Pick<Client, 'watchSessions' | 'listSessions'>
  setting: Settings['tabs']
  /** The id of the session on the screen. */
  currentId: () => string | undefined
  model: Pick<ScreenModel, 'snapshot' | 'subscribe' | 'setTabs' | 'setNotice'>
  openSession: (id: string) => Promise<void>
}

/** The line of tabs, and the keys that open sessions by their numbers. */
export interface SessionTabs {
  /** Another session is on the screen. */
  look(): void
  /** Opens the open session with this number, from 1. */
  open(number: number): Promise<void>
}

/** In a narrower terminal, the line is not there by itself, cells. */
const wideColumns = 100

/** Watches the sessions only while the line is shown, which depends on the width of the screen. */
export function createSessionTabs({client, setting, currentId, model, openSession}: SessionTabsOptions): SessionTabs {
  let end: (() => void) | undefined
  let sessions: SessionMap | undefined
  let ended: ReadonlySet<string> = new Set()

  const show = () => {
    if (sessions !== undefined) model.setTabs(planTabs(sessions, currentId(), ended))
  }
  const take = (next: SessionMap) => {
    ended = noteEnded(ended, sessions, next, currentId())
    sessions = next
    show()
  }
  const tabsNow = async (): Promise<readonly Tab[]> => {
    const known = sessions ?? new Map((await client.listSessions()).map((each) => [each.id, each]))
    return planTabs(known, currentId(), ended)
  }

  const look = () => {
    const isWanted = setting === 'on' || (setting === 'auto' && model.snapshot.size.cols >= wideColumns)
    if (!isWanted) {
      end?.()
      end = undefined
      sessions = undefined
      return model.setTabs(undefined)
    }
    end ??= client.watchSessions(take)
    if (sessions !== undefined) take(sessions)
  }
  // The terminal tells a resize before the screen has its new size.
  let shownColumns = model.snapshot.size.cols
  model.subscribe(() => {
    const {cols} = model.snapshot.size
    if (cols === shownColumns) return
    shownColumns = cols
    look()
  })

  return {
    look,
    async open(number) {
      const tabs = await tabsNow()
      const tab = tabs[number - 1]
      if (tab === undefined)
        return model.setNotice(
          `There is no open session ${number}: ${tabs.length === 1 ? 'one is' : `${tabs.length} are`} open`,
        )
      if (!tab.isCurrent) await openSession(tab.id)
    },
  }
}
