import {spawnSync} from 'node:child_process'

import {expect, test} from 'vitest'

import {planSyntaxCheck} from '../../src/syntax/plan-syntax-check.ts'
import {COMMAND_TEXTS} from '../fixtures/command-texts.ts'
import {pathOf, SHELLS, temporaryShell, type ShellName} from '../fixtures/temporary-shell.ts'

/** The interactive shell itself: whether it asks for more at the end of a text. */
async function askLive(name: ShellName): Promise<boolean[]> {
  const {shell} = await temporaryShell('', {name})
  const asked: boolean[] = []
  for (const text of COMMAND_TEXTS) asked.push((await shell.run(text)).kind === 'incomplete-input')
  return asked
}

function askProbes(name: ShellName): boolean[] {
  const path = pathOf(name)
  return COMMAND_TEXTS.map((text) =>
    planSyntaxCheck(path, text)!.some(({command, args, stdin, isIncomplete}) => {
      const env = {PATH: process.env['PATH'], LC_ALL: 'C'}
      return isIncomplete(spawnSync(command, args, {input: stdin, encoding: 'utf8', env}).stdout)
    }),
  )
}

test.for(SHELLS)(
  'the probes of %s say of a hundred texts what the interactive shell says',
  {timeout: 120_000},
  async (name) => {
    const live = await askLive(name)
    const probed = askProbes(name)
    const verdicts = (asked: readonly boolean[]) =>
      COMMAND_TEXTS.map((text, at) => `${asked[at] ? 'more' : 'done'} ${text}`)
    expect(verdicts(probed)).toEqual(verdicts(live))
    expect(live).toContain(true)
  },
)
