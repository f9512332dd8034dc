import {PassThrough} from 'node:stream'

import {expect, test} from 'vitest'

import {createTerminalKeys} from '../src/keys/terminal-keys.ts'

/** A terminal that records its modes. */
function openSource() {
  const modes: boolean[] = []
  const source = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(isRaw: boolean) {
      modes.push(isRaw)
      return source
    },
    ref: () => source,
    unref: () => source,
  }) as unknown as NodeJS.ReadStream
  return {source, modes}
}

test('a terminal that is lent to another reader of keys is in line mode meanwhile, or stays raw', () => {
  const {source, modes} = openSource()
  const {stdin, keepRaw} = createTerminalKeys(source, 100)
  stdin.setRawMode(true)
  stdin.setRawMode(false)
  stdin.setRawMode(true)
  expect(modes.splice(0)).toEqual([true, false, true])
  const end = keepRaw()
  stdin.setRawMode(false)
  expect(source.isPaused()).toBe(true)
  stdin.setRawMode(true)
  end()
  expect(modes.splice(0)).toEqual([true])
  stdin.setRawMode(false)
  expect(modes).toEqual([false])
})

test('a terminal that was kept raw, and that nothing reads then, is in line mode', () => {
  const {source, modes} = openSource()
  const {stdin, keepRaw} = createTerminalKeys(source, 100)
  stdin.setRawMode(true)
  const end = keepRaw()
  stdin.setRawMode(false)
  end()
  expect(modes).toEqual([true, false])
})

test('onInput is called for keys and pastes, and not for reports of the terminal', async () => {
  const {source} = openSource()
  const reports: string[] = []
  let inputs = 0
  const {stdin} = createTerminalKeys(source, 100, {
    onReport: (report) => reports.push(report),
    onInput: () => void inputs++,
  })
  stdin.setRawMode(true)
  source.push('\u001b[O')
  await expect.poll(() => reports).toEqual(['\u001b[O'])
  expect(inputs).toBe(0)
  source.push('a')
  await expect.poll(() => inputs).toBe(1)
  source.push('\u001b[200~b\u001b[201~')
  await expect.poll(() => inputs).toBe(2)
  stdin.setRawMode(false)
})
