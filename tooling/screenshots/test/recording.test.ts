import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import xterm from '@xterm/headless'
import {expect, test} from 'vitest'

import {scrollbackOf} from '../../../apps/tui/e2e/support/terminal.ts'
import {createRecorder} from '../recording/recorder.ts'

test('a character that arrives in two parts is recorded whole, and the home folder replaced', () => {
  let now = 1000
  const recorder = createRecorder(() => now, [['/tmp/x1', '/home/ada']])
  const [first, rest] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
  recorder.take(first)
  now = 1500
  recorder.take(Buffer.concat([rest, Buffer.from(' /tmp/x1/src')]))
  expect(recorder.events).toEqual([{at: 0.5, kind: 'output', text: 'é /home/ada/src'}])
})

test('the recording of the docs shows each line of the killed session once', async () => {
  const [header = '', ...lines] = readFileSync(join(import.meta.dirname, '../../../docs/holdfast.cast'), 'utf8')
    .trimEnd()
    .split('\n')
  const {width, height} = JSON.parse(header) as {width: number; height: number}
  const terminal = new xterm.Terminal({cols: width, rows: height, scrollback: 1000, allowProposedApi: true})
  const events = lines.map((line) => JSON.parse(line) as [number, string, string])
  for (const [, kind, text] of events) {
    if (kind === 'o') await new Promise<void>((resolve) => terminal.write(text, resolve))
  }
  const reopened = scrollbackOf(terminal).split('holdfast --continue\n')[1] ?? ''
  for (const place of ['fra-1', 'fra-2', 'lon-1', 'lon-2', 'sin-1', 'sin-2'])
    expect(reopened.split(`deploying to ${place} ······ done`)).toHaveLength(2)
  expect(reopened).toContain('v12 is out')
  expect(events.flatMap(([, kind, text]) => (kind === 'm' ? [text] : []))).toEqual([
    'kill -9 of the screen',
    'kill -9 of the gateway',
  ])
})
