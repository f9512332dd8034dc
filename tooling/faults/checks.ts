import {isDeepStrictEqual} from 'node:util'

import {decodeOutput, type EventPayload, type SessionEvent} from '@holdfast/protocol'

import type {Facts} from './facts.ts'

/** What is wrong, each thing as what was expected and what was found. Empty when all holds. */
export function findViolations(facts: Facts): string[] {
  return Object.values(checks).flatMap((check) => check(facts))
}

const checks = {
  /** Numbered from 1, without a gap. */
  numbering({log}: Facts): string[] {
    const wrong = log.findIndex(({seq}, index) => seq !== index + 1)
    return wrong === -1 ? [] : [`Expected seq ${wrong + 1} in the log, found ${log[wrong]?.seq}`]
  },

  /** What was accepted is committed, once, and has come to an end, once. */
  prompts({accepted, log}: Facts): string[] {
    const submitted = new Set([...accepted, ...idsOf(log, 'prompt.queued')])
    return [...submitted].flatMap((id) => [
      ...expectCount(`\`prompt.queued\` of ${id}`, 1, 1, count(idsOf(log, 'prompt.queued'), id)),
      ...expectCount(`\`message.start\` of ${id}`, 0, 1, count(idsOf(log, 'message.start'), id)),
      ...expectCount(`\`message.complete\` of ${id}`, 1, 1, count(idsOf(log, 'message.complete'), id)),
    ])
  },

  /** Nothing that was done to the processes makes a command fail. */
  ends({log}: Facts): string[] {
    return log.flatMap((event) => {
      if (event.type !== 'message.complete' || ['complete', 'interrupted'].includes(event.payload.status)) return []
      const {prompt_id, status} = event.payload
      return [`Expected the end of ${prompt_id} to be \`complete\` or \`interrupted\`, found \`${status}\``]
    })
  },

  /** Never carried out twice; carried out when the log says so, and not when it never began. */
  effects({log, effects}: Facts): string[] {
    const ids = new Set([...effects, ...idsOf(log, 'prompt.queued')])
    return [...ids].flatMap((id) => {
      const isComplete = endOf(log, id)?.status === 'complete'
      const most = idsOf(log, 'message.start').includes(id) ? 1 : 0
      return expectCount(`effect of ${id}`, isComplete ? 1 : 0, most, count(effects, id))
    })
  },

  /** The output in the log is what the command wrote: all of it, or the beginning when it was interrupted. */
  outputs({log, written}: Facts): string[] {
    return idsOf(log, 'message.start').flatMap((id) => {
      const wrote = (written.get(id) ?? '').replaceAll('\n', '\r\n')
      const logged = outputOf(log, id)
      const holds = endOf(log, id)?.status === 'complete' ? logged === wrote : wrote.startsWith(logged)
      return holds
        ? []
        : [`Expected the output of ${id} to be ${JSON.stringify(wrote)}, found ${JSON.stringify(logged)}`]
    })
  },

  /** Each client was shown the log from its beginning, in order, nothing twice; the last one all of it. */
  shown({log, seen}: Facts): string[] {
    return seen.flatMap(({client, events}, index) => {
      const wrong = events.findIndex((event, at) => !isDeepStrictEqual(event, log[at]))
      if (wrong !== -1) {
        const [expected, found] = [log[wrong], events[wrong]].map((event) => JSON.stringify(event))
        return [`Expected ${client} to be shown ${expected} next, found ${found}`]
      }
      if (index < seen.length - 1 || events.length === log.length) return []
      return [`Expected ${client} to be shown all ${log.length} events, found ${events.length}`]
    })
  },

  strays({leftProcesses}: Facts): string[] {
    return leftProcesses.map((process) => `Expected no process to be left, found ${process}`)
  },

  leases({heldLeases}: Facts): string[] {
    return heldLeases.map((file) => `Expected the lease ${file} to be free, found it held`)
  },
}

type PromptEvent = 'prompt.queued' | 'message.start' | 'message.complete'

function idsOf(log: readonly SessionEvent[], type: PromptEvent): string[] {
  return log.filter((event) => event.type === type).map((event) => (event.payload as {prompt_id: string}).prompt_id)
}

function endOf(log: readonly SessionEvent[], id: string): EventPayload<'message.complete'> | undefined {
  return log.find((event) => event.type === 'message.complete' && event.payload.prompt_id === id)?.payload as
    EventPayload<'message.complete'> | undefined
}

function outputOf(log: readonly SessionEvent[], id: string): string {
  const pieces = log.flatMap((event) =>
    event.type === 'message.delta' && event.payload.prompt_id === id ? [decodeOutput(event.payload)] : [],
  )
  return Buffer.concat(pieces).toString()
}

function count(ids: readonly string[], id: string): number {
  return ids.filter((other) => other === id).length
}

function expectCount(what: string, least: number, most: number, found: number): string[] {
  if (found >= least && found <= most) return []
  return [`Expected ${least === most ? least : `${least} to ${most}`} × ${what}, found ${found}`]
}
