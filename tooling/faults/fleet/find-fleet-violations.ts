import {isDeepStrictEqual} from 'node:util'

import type {SessionEvent} from '@holdfast/protocol'

import type {Facts} from '../verify/facts.ts'
import {findViolations} from '../verify/find-violations.ts'

/** What the harness found when all was over. */
export interface FleetFacts extends Pick<
  Facts,
  'log' | 'state' | 'accepted' | 'effects' | 'written' | 'received' | 'leftProcesses'
> {
  /** The messages with events in the stream of the session that count, in their order. */
  writes: readonly {epoch: number; machine: string}[]
  /** The logs that the machines have, and whether each was set aside because another machine had taken the session over. */
  logs: readonly {machine: string; isSetAside: boolean; events: readonly SessionEvent[]}[]
  /** Events that the command names as not sent, by machine. */
  unshipped: ReadonlyMap<string, readonly number[]>
}

/** Compares the facts with what a fleet guarantees under `replicated` (docs/durability.md). Empty if all of it holds. */
export function findFleetViolations(facts: FleetFacts): string[] {
  return [...findViolations(asOneMachine(facts)), ...Object.values(checks).flatMap((check) => check(facts))]
}

/** A fleet guarantees for its sessions what one machine does, with the log of the cluster as the log. */
function asOneMachine(facts: FleetFacts): Facts {
  return {
    ...facts,
    answerer: 'shell',
    faulted: new Set(),
    changes: {withdraw: new Map(), update: new Map(), promote: new Map()},
    drafts: new Map(),
    olderLogs: [],
    asked: new Map(),
    finished: new Set(),
    interrupted: new Set(),
    size: undefined,
    sockets: undefined,
    leftFiles: [],
  }
}

const checks = {
  /** Each epoch has one writer, and nothing that an older one writes counts. */
  writers({writes}: FleetFacts): string[] {
    const machines = new Map<number, string>()
    let newest = 0
    return writes.flatMap(({epoch, machine}) => {
      const known = machines.get(epoch) ?? machine
      machines.set(epoch, known)
      const isLate = epoch < newest
      newest = Math.max(newest, epoch)
      return [
        ...(known === machine ? [] : [`Expected ${known} alone to write in epoch ${epoch}, found ${machine}`]),
        ...(isLate ? [`Expected nothing of epoch ${epoch} to count after epoch ${newest}`] : []),
      ]
    })
  },

  /** The log of a machine is the beginning of the log of the cluster, unless it was set aside. */
  logs({log, logs}: FleetFacts): string[] {
    return logs.flatMap(({machine, isSetAside, events}) => {
      const wrong = events.findIndex((event, index) => !isDeepStrictEqual(event, log[index]))
      if (wrong === -1 || isSetAside) return []
      return [`Expected event ${wrong + 1} of ${machine} to be that of the cluster, or its log to be set aside`]
    })
  },

  /** What a machine has and the cluster does not is named, event by event. */
  unshipped({log, logs, unshipped}: FleetFacts): string[] {
    return logs.flatMap(({machine, isSetAside, events}) => {
      if (!isSetAside) return []
      const named = new Set(unshipped.get(machine))
      return events
        .filter((event) => !isDeepStrictEqual(event, log[event.seq - 1]) && !named.has(event.seq))
        .map(({seq}) => `Expected \`fleet unshipped\` on ${machine} to name event ${seq}`)
    })
  },
}
