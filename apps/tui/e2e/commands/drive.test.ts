import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {openProgram, ScreenWaitError} from '@holdfast/drive'
import {decode} from 'fast-png'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home} from '../support/home.ts'

function connect(home: Home) {
  const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway'], env: home.env})})
  return Object.assign(client, {[Symbol.asyncDispose]: () => client.close()})
}

test('a program in TypeScript drives a REPL; a killed gateway loses no wait', async () => {
  need('python3')
  await using home = createHome()
  await using client = connect(home)
  const python = await openProgram(client, ['python3', '-q'], {cwd: home.project, size: {cols: 60, rows: 10}})
  await python.waitFor({text: '>>>'})
  const waiting = python.waitFor({regex: /^the answer is 42$/m})
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await python.keys('print("the answer is", 6*7)', 'Enter').catch(async () => {
    // The gateway was gone when they were sent: nobody knows whether they arrived.
    await python.waitFor({stableMs: 200})
    if (!(await python.text()).includes('print')) await python.keys('print("the answer is", 6*7)', 'Enter')
  })
  await waiting
  expect(await python.snapshot()).toMatchObject({cols: 60, rows: 10, is_alternate: false})
  expect(decode(await python.screenshot())).toMatchObject({width: 1088, height: 429})
  expect(String(await python.screenshot({format: 'svg', theme: 'light'}))).toContain('>the answer is 42</text>')
  await expect(python.waitFor({text: 'never'}, {timeoutMs: 20})).rejects.toThrow(
    /^Expected the text "never" within 20 ms, the screen shows:\n>>> print[^]*\nthe answer is 42\n>>>$/,
  )
  // It may reject before the other wait ends.
  const never = expect(python.waitFor({text: 'never'})).rejects.toSatisfy(
    (error) => error instanceof ScreenWaitError && error.reason === 'ended',
  )
  await python.keys('C-d')
  await python.waitFor({exit: true})
  await never
})
