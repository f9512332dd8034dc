import {mkdirSync, writeFileSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {waitForExit} from '../../../apps/tui/e2e/support/processes.ts'
import {cli} from '../../../apps/tui/e2e/support/home.ts'
import {openTerminal} from '../../../apps/tui/e2e/support/terminal.ts'
import type {CastHeader} from '../../../apps/tui/src/export/asciicast.ts'
import {createDemo} from '../demo.ts'
import {createRecorder, type Recorder} from './recorder.ts'

const size = {cols: 90, rows: 24} as const

/** As a person types, and looks before the next step, ms. */
const [keyMs, lookMs] = [55, 900]

/** Takes 2.4 s for each place. */
const deploy = String.raw`
for place in fra-1 fra-2 lon-1 lon-2 sin-1 sin-2; do
  printf 'deploying to \033[1m%s\033[0m ' $place
  for step in 1 2 3 4 5 6; do sleep 0.4; printf '·'; done
  printf ' \033[32mdone\033[0m\n'
done
`

/** The screen and the gateway are killed while a command runs, and another command waits. */
export async function recordStory(): Promise<CastHeader & Pick<Recorder, 'events'>> {
  await using demo = createDemo()
  demo.addProgram('deploy', deploy)
  const bin = `${demo.home.user}/bin`
  mkdirSync(bin)
  writeFileSync(`${bin}/holdfast`, `#!/bin/sh\nexec ${process.execPath} ${cli} "$@"\n`, {mode: 0o755})
  const prompt = '~/src/shop $ '
  let isRecording = false
  const recorder = createRecorder(() => performance.now(), [[demo.home.user, '/home/ada']])
  await using terminal = await openTerminal({
    command: '/bin/bash',
    args: ['--norc', '-i'],
    env: {...demo.home.env, PATH: `${bin}:${demo.home.env['PATH']}`, PS1: String.raw`\w $ `},
    cwd: demo.project,
    ...size,
    onData(bytes) {
      if (isRecording) recorder.take(bytes)
    },
  })
  const type = async (text: string) => {
    for (const key of text) {
      terminal.type(key)
      await delay(keyMs)
    }
    await delay(lookMs / 2)
    terminal.press('enter')
  }
  await terminal.waitFor(prompt.trimEnd())
  recorder.take(Buffer.from(prompt))
  isRecording = true

  await delay(lookMs)
  await type('holdfast')
  await terminal.waitFor('idle')
  await delay(lookMs)
  await type('./deploy')
  await terminal.waitFor('deploying to fra-2')
  await type('echo v12 is out')
  await terminal.waitFor('deploying to lon-1')
  recorder.mark('kill -9 of the screen')
  const screen = await demo.home.process('client')
  process.kill(screen.pid, 'SIGKILL')
  await waitForExit(screen)
  await terminal.waitFor(/Killed.*\n.*\$$/s)
  await delay(lookMs)
  await type('# kill -9 ended the screen. The command runs on:')
  await type('holdfast --continue')
  await terminal.waitFor(/lon-1 [·]+ done/)
  recorder.mark('kill -9 of the gateway')
  const gateway = await demo.home.process('gateway')
  process.kill(gateway.pid, 'SIGKILL')
  await waitForExit(gateway)
  await terminal.waitFor(/^v12 is out$/m)
  await terminal.waitFor('idle')
  await delay(2 * lookMs)
  terminal.press('ctrl-d')
  await delay(lookMs)
  terminal.press('ctrl-d')
  await terminal.waitFor(/\$$/)
  await delay(2 * lookMs)
  isRecording = false
  return {title: 'Holdfast: whatever dies, the session lives', ...size, events: recorder.events}
}
