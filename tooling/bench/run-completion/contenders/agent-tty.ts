import {join} from 'node:path'
import {pathToFileURL} from 'node:url'

import type {Contender} from '../contender.ts'

/** The part of its API that is measured. It takes text. */
interface Coordinator {
  prepareWaitedRun(): {marker: string}
  registerWaitedRun(run: {marker: string; inputRunSeq: number}): {sentinel: string}
  ingestPtyData(data: string): Promise<void>
}
type Module = {
  RunCompletionCoordinator: new (appender: {
    appendOutput(data: string): Promise<void>
    appendRunComplete(): Promise<number>
  }) => Coordinator
}

/** The coordinator of agent-tty, from the folder of a built checkout. */
export async function loadAgentTty(folder: string): Promise<Contender> {
  const file = pathToFileURL(join(folder, 'dist/host/runCompletionCoordinator.js')).href
  const {RunCompletionCoordinator} = (await import(file)) as Module
  return {
    start(abandoned) {
      const out = {bytes: 0, ends: 0}
      const coordinator = new RunCompletionCoordinator({
        appendOutput(data) {
          out.bytes += data.length
          return Promise.resolve()
        },
        appendRunComplete: () => Promise.resolve(++out.ends),
      })
      const register = () => coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: 1})
      for (let count = 0; count < abandoned; count++) register()
      const {sentinel} = register()
      return {ingest: (chunk) => coordinator.ingestPtyData(Buffer.from(chunk).toString('latin1')), sentinel, out}
    },
  }
}
