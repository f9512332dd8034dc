import {copyFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {pathOf, SHELLS, temporaryFolder, temporaryShell} from '../fixtures/temporary-shell.ts'
import {whenPrinted} from '../fixtures/when-printed.ts'

const lines = (count: number) => Array.from({length: count}, (_, at) => `echo "line $((${at + 1}))"`).join('\n')

// fish gets the whole text at once.
test.each(SHELLS.filter((name) => name !== 'fish'))(
  'after Ctrl-C between two lines, %s reports how many lines it got, each of which ran',
  async (name) => {
    const {run, shell} = await temporaryShell('', {name})
    const {output, outcome} = await run(lines(100), whenPrinted('line 60\r\n', shell.interrupt))
    const ran = output.match(/line \d+\r\n/g)?.length
    expect(outcome).toMatchObject({kind: 'completed', lines: {entered: ran, total: 100}})
    expect(ran).toBeLessThan(100)
    expect(await run('echo next')).toMatchObject({output: 'next\r\n', outcome: {exitCode: 0}})
  },
)

test('fish interrupted among many lines reports the interrupt', async () => {
  const {run, shell} = await temporaryShell('', {name: 'fish'})
  const {outcome} = await run(`sh -c 'echo one; exec sleep 300'\necho two`, whenPrinted('one', shell.interrupt))
  expect(outcome).toMatchObject({kind: 'completed', exitCode: 130})
})

test('a line that does not parse leaves lines that were not entered', async () => {
  const {run, home} = await temporaryShell()
  expect((await run('echo one\necho )\necho three')).outcome).toEqual({
    kind: 'completed',
    exitCode: 2,
    cwd: home,
    lines: {entered: 2, total: 3},
  })
  expect((await run('echo one\n\n')).outcome).toEqual({kind: 'completed', exitCode: 0, cwd: home})
})

test('with the sentinel, it is unknown how many lines the shell got', async () => {
  const path = join(await temporaryFolder(), 'unknown-shell')
  copyFileSync(pathOf('dash'), path)
  const {run, shell} = await temporaryShell('', {path})
  let isOver = false
  const running = run('sleep 300\necho two').finally(() => (isOver = true))
  // A Ctrl-C that comes while the shell starts a program may reach neither; the next one is stronger.
  const press = () => {
    shell.interrupt()
    return isOver
  }
  await expect.poll(press, {interval: 300}).toBe(true)
  const {outcome} = await running
  expect(outcome).toMatchObject({kind: 'completed', lines: {entered: undefined, total: 2}})
})
