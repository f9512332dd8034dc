import {isDeepStrictEqual} from 'node:util'

import {decodeOutput, reduceSession, type EventPayload, type SessionEvent, type SessionState} from '@holdfast/protocol'

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

  /** Nothing that was done to the processes makes a command fail, unless it was done to its shell. */
  ends({log, hurtShell}: Facts): string[] {
    return log.flatMap((event) => {
      if (event.type !== 'message.complete' || event.payload.status !== 'failed') return []
      const {prompt_id, status, reason} = event.payload
      // One that is killed while it starts has no prompt to type at.
      if (hurtShell && /^shell-killed$|, got SIGKILL$/.test(reason ?? '')) return []
      return [`Expected the end of ${prompt_id} to be \`complete\` or \`interrupted\`, found \`${status}\``]
    })
  },

  /** Never carried out twice; carried out when the log says so, and not when it never began. */
  effects({log, effects}: Facts): string[] {
    const ids = new Set([...effects, ...idsOf(log, 'prompt.queued')])
    return [...ids].flatMap((id) => {
      const isComplete = isWhole(log, id)
      const most = idsOf(log, 'message.start').includes(id) ? 1 : 0
      return expectCount(`effect of ${id}`, isComplete ? 1 : 0, most, count(effects, id))
    })
  },

  /** The output in the log is what the command wrote: all of it, or the beginning when it was interrupted. */
  outputs({log, written}: Facts): string[] {
    return idsOf(log, 'message.start').flatMap((id) => {
      const wrote = (written.get(id) ?? '').replaceAll('\n', '\r\n')
      // What the terminal and the shell show of a Ctrl-C is no output.
      const logged = outputOf(log, id).replace(isWhole(log, id) ? /(\^C(\r\n)?)*$/ : /(\^C|\r\n)*$/, '')
      const holds = isWhole(log, id) ? logged === wrote : wrote.startsWith(logged)
      return holds ? [] : [`Expected the output of ${id} to be ${excerpt(wrote)}, found ${excerpt(logged)}`]
    })
  },

  /** What was taken back did not run. */
  withdrawn({withdrawn, effects, log}: Facts): string[] {
    return withdrawn.flatMap((id) => [
      ...expectCount(`effect of ${id}, which was withdrawn`, 0, 0, count(effects, id)),
      ...(endOf(log, id)?.status === 'cancelled' ? [] : [`Expected the end of ${id} to be \`cancelled\``]),
    ])
  },

  /** What was typed came once, whole, and to the command that asked. */
  inputs({log, asked}: Facts): string[] {
    return [...asked].flatMap(([id, {answer, read, isTaken}]) => {
      const wrong = read.filter((line) => line !== answer)
      if (wrong.length > 0) return [`Expected ${id} to read ${excerpt(answer)}, found ${excerpt(wrong.join('\n'))}`]
      return expectCount(`answer read by ${id}`, isTaken && isWhole(log, id) ? 1 : 0, 1, read.length)
    })
  },

  /** Each client was shown the log from where it asked, in order, nothing twice; its last life all of it. */
  shown({log, seen}: Facts): string[] {
    return seen.flatMap(({client, afterSeq, events, isLast}) => {
      const wanted = log.slice(afterSeq)
      const wrong = events.findIndex((event, at) => !isDeepStrictEqual(event, wanted[at]))
      if (wrong !== -1) {
        const [expected, found] = [wanted[wrong], events[wrong]].map((event) => excerpt(event))
        return [`Expected ${client} to be shown ${expected} next, found ${found}`]
      }
      if (!isLast || events.length === wanted.length) return []
      return [`Expected ${client} to be shown all ${wanted.length} events, found ${events.length}`]
    })
  },

  /** Where the session stands is what its events fold into. */
  folded({log, state}: Facts): string[] {
    const folded = log.reduce<SessionState | undefined>(reduceSession, undefined)
    if (isDeepStrictEqual(folded, state)) return []
    return [`Expected the state to be ${JSON.stringify(folded)}, found ${JSON.stringify(state)}`]
  },

  sockets({sockets}: Facts): string[] {
    if (sockets === undefined || sockets.found <= sockets.most) return []
    return [`Expected at most ${sockets.most} sockets in the host at rest, found ${sockets.found}`]
  },

  strays({leftProcesses}: Facts): string[] {
    return leftProcesses.map((process) => `Expected no process to be left, found ${process}`)
  },

  leftovers({leftFiles}: Facts): string[] {
    return leftFiles.map((file) => `Expected nothing to be left in the folder for what lives, found ${file}`)
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

/** It ran to its end: a Ctrl-C that came between two commands may have hit the second. */
function isWhole(log: readonly SessionEvent[], id: string): boolean {
  const end = endOf(log, id)
  return end?.status === 'complete' && (end.exit_code ?? 0) < 128
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

/** A flood is not read by anybody: the ends of it are. */
function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  const most = 400
  if (text.length <= most) return text
  return `${text.slice(0, most / 2)} … ${text.slice(-most / 2)} (${text.length} characters)`
}
