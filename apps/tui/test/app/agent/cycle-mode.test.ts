import {expect, test} from 'vitest'

import {createModeCycler} from '../../../src/app/agent/cycle-mode.ts'
import {idleSession} from '../../fixtures/idle-session.ts'

const choices = ['ask', 'code', 'plan', 'auto'].map((id) => ({id, name: id}))

/** An agent that takes a mode when `reply` is called; its state has it when `report` is called. */
function agentWithModes() {
  let current = 'ask'
  let settings = {mode: {current, choices}}
  const asked: string[] = []
  const replies: (() => void)[] = []
  const cycle = createModeCycler({
    session: () => ({
      id: 's',
      get state() {
        return idleSession({agent: {...idleSession({}).agent, status: 'ready', settings} as never})
      },
      setAgent(setting) {
        const {mode} = setting as {mode: string}
        asked.push(mode)
        return new Promise<void>((resolve) => {
          replies.push(() => ((current = mode), resolve()))
        })
      },
    }),
    model: {setNotice() {}},
    reportError: (error) => expect.fail(String(error)),
  })
  return {
    asked,
    cycle,
    async reply() {
      replies.splice(0).forEach((reply) => reply())
      await Promise.resolve()
    },
    report: (mode = current) => void (settings = {mode: {current: mode, choices}}),
  }
}

test('quick presses go through the modes, although the state comes back late', async () => {
  const {asked, cycle, reply, report} = agentWithModes()
  cycle()
  cycle()
  await reply()
  cycle()
  expect(asked).toEqual(['code', 'plan', 'auto'])
  await reply()
  report()
  cycle()
  expect(asked.at(-1)).toBe('ask')
})

test('a mode that was set elsewhere is the one that the next follows', async () => {
  const {asked, cycle, reply, report} = agentWithModes()
  cycle()
  await reply()
  report()
  report('ask')
  cycle()
  expect(asked).toEqual(['code', 'code'])
})
