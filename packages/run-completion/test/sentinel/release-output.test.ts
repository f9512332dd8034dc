import {expect, test} from 'vitest'

import {RunCompletionCoordinator} from '../../src/index.ts'

test('released output is not repeated, and a sentinel or an echo whose rest comes later is still found', async () => {
  for (const beginning of ['\\', '\\e', '\x1b', '\x1b_', 'C:\\']) {
    for (const continues of ['sentinel', 'echo', 'text'] as const) {
      let output = ''
      let ends = 0
      const coordinator = new RunCompletionCoordinator({
        appendOutput: (data) => void (output += Buffer.from(data).toString('latin1')),
        appendRunComplete: () => ++ends,
      })
      const run = coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: 1})
      const ingest = (text: string) => coordinator.ingestPtyData(Buffer.from(text, 'latin1'))
      await ingest(beginning)
      expect(coordinator.withholdsOutput).toBe(true)
      await coordinator.releasePtyData()
      expect(output).toBe(beginning)
      expect(coordinator.withholdsOutput).toBe(false)
      const echo = run.postamble.replace('\n', '\r\n')
      const whole = {sentinel: run.sentinel, echo, text: 'x'}[continues]
      const rest = whole.startsWith(beginning) ? whole.slice(beginning.length) : whole
      // Byte by byte, as a line editor prints it.
      for (const character of rest) await ingest(character)
      await coordinator.flushPtyDataOnExit()
      expect(output).toBe(continues === 'text' ? `${beginning}x` : beginning)
      expect(ends).toBe(continues === 'sentinel' ? 1 : 0)
    }
  }
})
