import type {LoggedEvent, NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {withoutOwnName} from '../../src/app/own-events.ts'

const logged = (event: NewEvent): LoggedEvent => ({...event, session_id: '0123456789', seq: 1, at: 0})

test('what this client did is shown as of its user, and what another one did under its name', () => {
  const prompt = logged({type: 'message.start', payload: {prompt_id: 'p', text: 'ls', by: 'phone'}})
  const answer = logged({
    type: 'approval.resolved',
    payload: {prompt_id: 'p', approval_id: 'a', choice: 'y', by: 'phone'},
  })
  expect(withoutOwnName(prompt, 'phone')).toMatchObject({payload: {text: 'ls', by: undefined}})
  expect(withoutOwnName(answer, 'phone')).toMatchObject({payload: {choice: 'y', by: 'user'}})
  for (const name of ['web', undefined]) expect(withoutOwnName(prompt, name)).toBe(prompt)
})
