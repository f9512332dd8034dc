import {type EventLog, heldElsewhereExitCode} from '@holdfast/event-log'
import {isFleetError} from '@holdfast/fleet'

import type {SessionFleet} from './session-fleet.ts'

export type Started =
  /** `log`: with all events that the cluster has. */
  | {kind: 'go-on'; log: EventLog | undefined}
  /** `message`: for the user. */
  | {kind: 'end'; reason: string; exitCode: number; message?: string}

/** Claims the session of a log, if there is one, and reads the events back that it lacks, as after a loss of power. */
export async function startInFleet(
  fleet: SessionFleet,
  log: EventLog | undefined,
  file: {open(): EventLog | undefined},
): Promise<Started> {
  const begun = await fleet.begin({hasLog: (log?.latestSeq ?? 0) > 0, needs: labelsFor(log?.state()?.info.agent)})
  try {
    switch (begun.kind) {
      case 'held':
        return {kind: 'end', reason: 'held-elsewhere', exitCode: heldElsewhereExitCode}
      case 'deleted':
        return {kind: 'end', reason: 'deleted', exitCode: 1, message: 'The session was deleted in the fleet'}
      case 'needs-cluster':
        return {kind: 'end', reason: 'needs-cluster', exitCode: 1, message: begun.message}
    }
    if (!fleet.lacksEvents(log)) return {kind: 'go-on', log}
    log?.close()
    await fleet.restore()
    return {kind: 'go-on', log: file.open()}
  } catch (error) {
    if (!isFleetError(error)) throw error
    return {kind: 'end', reason: error.code, exitCode: 1, message: error.message}
  }
}

/** The labels that a machine needs to run a session with this agent. */
export function labelsFor(agent: string | undefined): string[] {
  return agent === undefined || agent === 'shell' ? [] : [`agent:${agent}`]
}
