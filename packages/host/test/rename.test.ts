import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

test('renaming logs the new title, and keeps all other session info', () => {
  const {log, session} = openSession()
  expect(session.rename('  the\nbuild ')).toBe('the ⏎ build')
  expect(log.read().at(-1)).toMatchObject({
    type: 'session.info',
    payload: {title: 'the ⏎ build', agent: 'shell', cwd: '/tmp', created_at: 1},
  })
})

test('an empty title is rejected, and any title of a closed session', async () => {
  const {session} = openSession()
  expect(() => session.rename(' \u0007')).toThrow(expect.objectContaining({code: errorCodes.notAllowed}))
  await session.close('user')
  expect(() => session.rename('late')).toThrow(expect.objectContaining({code: errorCodes.sessionClosed}))
})
