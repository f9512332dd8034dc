import {setTimeout as delay} from 'node:timers/promises'

import {errorFacts, type Breadcrumbs} from '@holdfast/breadcrumbs'
import type {Fleet} from '@holdfast/fleet'

import {printError} from '../process/print-error.ts'

export interface ArchivingOptions {
  folder: string
  /** @default 90 days */
  keepMs: number | undefined
  onArchived: () => void
  breadcrumbs: Breadcrumbs
  signal: AbortSignal
}

const day = 86_400_000
/** The pause between two looks for sessions that were closed long ago, ms. Machines that start together do not look together. */
const everyMs = 3_600_000

/** Archives closed sessions from time to time. Several machines may do so. */
export async function keepArchiving(
  fleet: Fleet,
  {folder, keepMs = 90 * day, onArchived, breadcrumbs, signal}: ArchivingOptions,
): Promise<void> {
  const {applyRetention} = await import('@holdfast/fleet')
  for (; !signal.aborted; await delay(everyMs * (0.5 + Math.random()), undefined, {signal}).catch(() => {})) {
    try {
      for (let shard = 0; shard < fleet.shards; shard++) {
        await applyRetention(fleet, shard, {
          folder,
          keepMs,
          signal,
          onArchived({sessionId, file}) {
            breadcrumbs.with({session: sessionId}).record('session-archived')
            printError(`session ${sessionId} was archived to ${file}`)
            onArchived()
          },
        })
      }
    } catch (error) {
      if (signal.aborted) return
      breadcrumbs.record('archive-failed', errorFacts(error))
      printError(`closed sessions could not be archived: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
