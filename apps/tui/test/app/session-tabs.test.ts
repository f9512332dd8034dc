import type {SessionMap} from '@holdfast/client'
import {expect, test} from 'vitest'

import {createSessionTabs} from '../../src/app/session-tabs.ts'
import {createScreenModel} from '../../src/ui/screen-model.ts'

test('the line of tabs comes and goes when the screen has its new size, however late that is', () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 1})
  const watches: ((sessions: SessionMap) => void)[] = []
  const tabs = createSessionTabs({
    client: {
      watchSessions(listener) {
        watches.push(listener)
        return () => void watches.splice(watches.indexOf(listener), 1)
      },
      listSessions: async () => [],
    },
    setting: 'auto',
    currentId: () => 'here',
    model,
    openSession: async () => undefined,
  })
  tabs.look()
  model.resize({cols: 90, rows: 24})
  expect(watches).toHaveLength(0)
  model.resize({cols: 110, rows: 24})
  expect(watches).toHaveLength(1)
  model.resize({cols: 120, rows: 30})
  expect(watches).toHaveLength(1)
  model.resize({cols: 99, rows: 30})
  expect(watches).toHaveLength(0)
})
