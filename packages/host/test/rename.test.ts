import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

test('a new title is in the log, and all else that is known of the session stays', () => {
  const {log, session} = openSession()
  expect(session.rename('  the\nbuild ')).toBe('the build')
  expect(log.read().at(-1)).toMatchObject({
    type: 'session.info',
    payload: {title: 'the build', agent: 'shell', cwd: '/tmp', created_at: 1},
  })
})

test('an empty title is refused, and so is one for a session that was closed', async () => {
  const {session} = openSession()
  expect(() => session.rename(' \u0007')).toThrow(expect.objectContaining({code: errorCodes.notAllowed}))
  await session.close('user')
  expect(() => session.rename('late')).toThrow(expect.objectContaining({code: errorCodes.sessionClosed}))
})
