import {expect, test} from 'vitest'

import {stopAgent} from '../../../src/app/agent/stop-agent.ts'
import {createScreenModel} from '../../../src/ui/screen-model.ts'
import {stateText} from '../../../src/ui/session-state.ts'
import {idleSession} from '../../fixtures/idle-session.ts'

const running = (promptId: string, at: number) => ({prompt_id: promptId, text: 'do it', at, started_at: at})
const {info} = idleSession()
const working = (promptId: string, at: number) =>
  idleSession({info: {...info, agent: 'claude'}, running: running(promptId, at)})

test('the status line says that the agent is stopping until its prompt has ended', async () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
  const state = working('first', 0)
  const asked = Promise.withResolvers<boolean>()
  model.setStatus({kind: 'live'})
  model.setSession(state)
  stopAgent({
    session: {status: {kind: 'live'}, state, interrupt: () => asked.promise},
    model,
    reportError: (error) => expect.fail(String(error)),
  })
  expect(stateText(model.snapshot, 3000)).toBe('running 3 s')
  asked.resolve(true)
  await asked.promise
  expect(stateText(model.snapshot, 3000)).toBe('stopping 3 s')
  model.setSession(working('next', 5000))
  expect(stateText(model.snapshot, 8000)).toBe('running 3 s')
})

test('an agent that the host does not stop keeps running on the screen', async () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 24})
  const state = working('first', 0)
  model.setStatus({kind: 'live'})
  model.setSession(state)
  const asked = Promise.resolve(false)
  stopAgent({session: {status: {kind: 'live'}, state, interrupt: () => asked}, model, reportError: () => {}})
  await asked
  expect(stateText(model.snapshot, 3000)).toBe('running 3 s')
})
