import {spawn} from 'node:child_process'

import {expect, test} from 'vitest'

import {signalForeground} from '../../src/interrupt/signal-foreground.ts'
import {readProcessStat} from '../../src/process-stat.ts'

test('a process that has ended but was not collected has no group in the foreground, and process 1 gets no signal', () => {
  const stat = readProcessStat(process.pid)!
  // SIGCONT harms nobody.
  expect(signalForeground({...stat, isZombie: true, foregroundGroup: -1}, 'SIGCONT')).toBe(false)
  expect(signalForeground({...stat, foregroundGroup: 0}, 'SIGCONT')).toBe(false)
})

test('the group in the foreground gets the signal, and one that is gone does not', async () => {
  const child = spawn('sleep', ['600'], {detached: true})
  const exited = new Promise((resolve) => child.on('exit', (_code, signal) => resolve(signal)))
  const stat = {...readProcessStat(child.pid!)!, foregroundGroup: child.pid!}
  expect(signalForeground(stat, 'SIGTERM')).toBe(true)
  expect(await exited).toBe('SIGTERM')
  expect(signalForeground(stat, 'SIGTERM')).toBe(false)
})
