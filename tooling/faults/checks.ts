import {isDeepStrictEqual} from 'node:util'

import {decodeOutput, reduceSession, type EventPayload, type SessionEvent, type SessionState} from '@holdfast/protocol'

import type {Facts} from './facts.ts'
import type {Asked} from './known.ts'

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
    const done = effects.map(({id}) => id)
    const ids = new Set([...done, ...idsOf(log, 'prompt.queued')])
    return [...ids].flatMap((id) => {
      const isComplete = isWhole(log, id)
      const most = idsOf(log, 'message.start').includes(id) ? 1 : 0
      return expectCount(`effect of ${id}`, isComplete ? 1 : 0, most, count(done, id))
    })
  },

  /** One after the other, as the queue in the log says. */
  order({log, effects}: Facts): string[] {
    const started = idsOf(log, 'message.start')
    const done = effects.map(({id}) => id)
    const wanted = started.filter((id) => done.includes(id))
    const wrong = wanted.findIndex((id, at) => done[at] !== id)
    return [
      ...(wrong === -1 ? [] : [`Expected ${wanted[wrong]} to be carried out next, found ${done[wrong]}`]),
      ...outOfTurn(log),
    ]
  },

  /** The output in the log is what the command wrote: all of it, or the beginning when it was interrupted. */
  outputs({log, written, asked}: Facts): string[] {
    return idsOf(log, 'message.start').flatMap((id) => {
      if (asked.get(id)?.isInterrupted) return []
      const wrote = (written.get(id) ?? '').replaceAll('\n', '\r\n')
      // What the terminal and the shell show of a Ctrl-C is no output.
      const ending = isWhole(log, id) ? /(\^C(\r\n)?)*$/ : /(\^C|\r\n)*$/
      const logged = outputOf(log, id)
        .replace(/^(\^C)+/, '')
        .replace(ending, '')
      const holds = isWhole(log, id) ? logged === wrote : wrote.startsWith(logged)
      return holds ? [] : [`Expected the output of ${id} to be ${excerpt(wrote)}, found ${excerpt(logged)}`]
    })
  },

  /** What was taken back did not run. */
  withdrawn({changes, effects, log}: Facts): string[] {
    return [...doneOf(changes.withdraw)].flatMap(([id]) => [
      ...expectCount(`effect of ${id}, which was withdrawn`, 0, 0, effects.filter((effect) => effect.id === id).length),
      ...(endOf(log, id)?.status === 'cancelled' ? [] : [`Expected the end of ${id} to be \`cancelled\``]),
    ])
  },

  /** What was given another text ran with that one, and nothing else did. */
  updated({changes, effects}: Facts): string[] {
    return effects.flatMap(({id, version}) => {
      const asked = changes.update.get(id)
      const [least, most] = [asked?.doneAt === undefined ? 1 : 2, asked === undefined ? 1 : 2]
      if (version >= least && version <= most) return []
      return [`Expected ${id} to run with text ${least === most ? least : '1 or 2'}, found ${version}`]
    })
  },

  /** What was moved to the front ran before all that waited then, and still did when it was said to be done. */
  promoted({changes, log}: Facts): string[] {
    const at = (type: PromptEvent, id: string) => findOf(log, type, id)?.at ?? Infinity
    const seq = (id: string) => findOf(log, 'message.start', id)?.seq ?? Infinity
    return [...doneOf(changes.promote)].flatMap(([id, {askedAt, doneAt}]) =>
      idsOf(log, 'message.start')
        .filter((other) => other !== id && !changes.promote.has(other))
        .filter((other) => at('prompt.queued', other) < askedAt && at('message.start', other) > doneAt)
        .filter((other) => seq(other) < seq(id))
        .map((other) => `Expected ${id}, which was moved to the front, to begin before ${other}`),
    )
  },

  /** What is half typed is what was kept last; of those that were asked for at the same time, one of them. */
  drafts({drafts, state}: Facts): string[] {
    const found = state?.draft ?? ''
    const wasFollowed = (doneAt: number | undefined) =>
      doneAt !== undefined && [...doneOf(drafts)].some(([, later]) => later.askedAt > doneAt)
    const draft = drafts.get(found)
    const holds = found === '' ? doneOf(drafts).size === 0 : draft !== undefined && !wasFollowed(draft.doneAt)
    return holds ? [] : [`Expected the draft to be the last of ${excerpt([...drafts])}, found ${excerpt(found)}`]
  },

  /** A program sees the size that was set last. */
  size({size}: Facts): string[] {
    if (size === undefined || size.found === size.set) return []
    return [`Expected a command to find a screen of ${size.set}, found ${size.found}`]
  },

  /** Of a log that was migrated a copy is kept, as it was. */
  copies({olderLogs, log}: Facts): string[] {
    return olderLogs.flatMap(({format, length, copy}) => {
      const isSame = isDeepStrictEqual(copy, log.slice(0, length))
      if (isSame) return []
      const found = copy === undefined ? 'none' : `one of ${copy.length} events`
      return [`Expected a copy of the log of format ${format} with its ${length} events, found ${found}`]
    })
  },

  /** What was typed came once, whole, and to the command that asked. */
  inputs({log, asked}: Facts): string[] {
    return [...asked].flatMap(([id, {answer, read, isTaken, isInterrupted}]) => {
      const wrong = read.filter((line) => line !== answer)
      if (wrong.length > 0) return [`Expected ${id} to read ${excerpt(answer)}, found ${excerpt(wrong.join('\n'))}`]
      return expectCount(`answer read by ${id}`, isTaken && isWhole(log, id) && !isInterrupted ? 1 : 0, 1, read.length)
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

/** Those of which a client was told that they are done. */
function doneOf(asked: ReadonlyMap<string, Asked>): Map<string, Required<Asked>> {
  return new Map(
    [...asked].flatMap(([key, {askedAt, doneAt}]) => (doneAt === undefined ? [] : [[key, {askedAt, doneAt}]])),
  )
}

/** Prompts that began though others were before them in the queue, or with another text than they had there. */
function outOfTurn(log: readonly SessionEvent[]): string[] {
  let state: SessionState | undefined
  return log.flatMap((event) => {
    const next = state?.queue[0]
    state = reduceSession(state, event)
    if (
      event.type !== 'message.start' ||
      (next?.prompt_id === event.payload.prompt_id && next.text === event.payload.text)
    )
      return []
    return [
      `Expected ${next?.prompt_id ?? 'nothing'} to begin next, with the text that it has, found ${event.payload.prompt_id}`,
    ]
  })
}

type PromptEvent = 'prompt.queued' | 'message.start' | 'message.complete'

function idsOf(log: readonly SessionEvent[], type: PromptEvent): string[] {
  return log.filter((event) => event.type === type).map((event) => (event.payload as {prompt_id: string}).prompt_id)
}

function findOf(log: readonly SessionEvent[], type: PromptEvent, id: string): SessionEvent | undefined {
  return log.find((event) => event.type === type && (event.payload as {prompt_id: string}).prompt_id === id)
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
