import {RunCompletionCoordinator} from '@holdfast/run-completion'

import type {Contender} from '../contender.ts'

export const holdfast: Contender = {
  start(abandoned) {
    const out = {bytes: 0, ends: 0}
    const coordinator = new RunCompletionCoordinator({
      appendOutput(data) {
        out.bytes += data.length
      },
      appendRunComplete: () => ++out.ends,
    })
    const register = () => coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: 1})
    for (let count = 0; count < abandoned; count++) register()
    return {ingest: (chunk) => coordinator.ingestPtyData(chunk), sentinel: register().sentinel, out}
  },
}
