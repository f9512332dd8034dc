import type {Client, ClientSession} from '@holdfast/client'
import {expect, test} from 'vitest'

import {createSharedSessions} from '../src/shared-sessions.ts'

test('a session is opened once for all its users, left by the last one, and opened again only then', async () => {
  const steps: string[] = []
  let isLeaving = Promise.withResolvers<void>()
  const shared = createSharedSessions({
    async openSession(id: string) {
      steps.push(`open ${id}`)
      const leave = () => {
        steps.push(`leave ${id}`)
        return isLeaving.promise
      }
      return {leave} as Partial<ClientSession> as ClientSession
    },
  } satisfies Pick<Client, 'openSession'>)
  const first = Promise.withResolvers<void>()
  const one = shared.use('a', () => first.promise)
  await shared.use('a', async () => void steps.push('second'))
  first.resolve()
  await one
  expect(steps).toEqual(['open a', 'second', 'leave a'])
  const again = shared.use('a', async () => void steps.push('third'))
  await Promise.resolve()
  expect(steps).toHaveLength(3)
  isLeaving.resolve()
  isLeaving = Promise.withResolvers()
  await again
  expect(steps.slice(3)).toEqual(['open a', 'third', 'leave a'])
})

test('a session that cannot be opened is tried again by the next user', async () => {
  let attempts = 0
  const shared = createSharedSessions({
    openSession: () => Promise.reject(new Error(`attempt ${++attempts}`)),
  } satisfies Pick<Client, 'openSession'>)
  for (const attempt of [1, 2]) await expect(shared.use('a', async () => 1)).rejects.toThrow(`attempt ${attempt}`)
})
