import {isDeepStrictEqual} from 'node:util'

import {decodeOutput, reduceSession, type EventPayload, type SessionEvent, type SessionState} from '@holdfast/protocol'

import type {Requested} from '../session/observations.ts'
import type {Facts} from './facts.ts'
import {agentChecks} from './find-agent-violations.ts'

/** Compares the facts with what Holdfast guarantees (docs/durability.md). Empty if all of it holds. */
export function findViolations(facts: Facts): string[] {
  const all = [...Object.values(checks), ...(facts.answerer === 'agent' ? Object.values(agentChecks) : [])]
  return all.flatMap((check) => check(facts))
}

const checks = {
  /** Events are numbered from 1, without a gap. */
  numbering({log}: Facts): string[] {
    const wrong = log.findIndex(({seq}, index) => seq !== index + 1)
    return wrong === -1 ? [] : [`Expected seq ${wrong + 1} in the log, found ${log[wrong]?.seq}`]
  },

  /** An accepted prompt is queued once, starts at most once and ends once. */
  prompts({accepted, log}: Facts): string[] {
    const submitted = new Set([...accepted, ...idsOf(log, 'prompt.queued')])
    return [...submitted].flatMap((id) => [
      ...expectCount(`\`prompt.queued\` of ${id}`, 1, 1, count(idsOf(log, 'prompt.queued'), id)),
      ...expectCount(`\`message.start\` of ${id}`, 0, 1, count(idsOf(log, 'message.start'), id)),
      ...expectCount(`\`message.complete\` of ${id}`, 1, 1, count(idsOf(log, 'message.complete'), id)),
    ])
  },

  /** A command does not fail, whatever is done to processes other than its shell or agent. */
  ends({log, faulted}: Facts): string[] {
    return log.flatMap((event) => {
      if (event.type !== 'message.complete' || event.payload.status !== 'failed') return []
      const {prompt_id, status, reason} = event.payload
      // A shell that is killed while it starts has no prompt to type at.
      if (faulted.has('shell') && /^shell-killed$| was ended by SIGKILL before its first prompt$/.test(reason ?? ''))
        return []
      // An agent that is killed again and again is not started any more, until there is another prompt.
      if (faulted.has('agent') && /^Gave up after \d+ restarts/.test(reason ?? '')) return []
      return [`Expected the end of ${prompt_id} to be \`complete\` or \`interrupted\`, found \`${status}\`: ${reason}`]
    })
  },

  /** A command runs at most once; it runs if the log says so, and not if it never started. */
  effects({log, effects}: Facts): string[] {
    const executed = effects.map(({id}) => id)
    const ids = new Set([...executed, ...idsOf(log, 'prompt.queued')])
    return [...ids].flatMap((id) => {
      const isComplete = isWhole(log, id)
      const most = idsOf(log, 'message.start').includes(id) ? 1 : 0
      return expectCount(`effect of ${id}`, isComplete ? 1 : 0, most, count(executed, id))
    })
  },

  /** Commands run in the order of the queue in the log. */
  order({log, effects}: Facts): string[] {
    const started = idsOf(log, 'message.start')
    const executed = effects.map(({id}) => id)
    const wanted = started.filter((id) => executed.includes(id))
    const wrong = wanted.findIndex((id, index) => executed[index] !== id)
    return [
      ...(wrong === -1 ? [] : [`Expected ${wanted[wrong]} to run next, found ${executed[wrong]}`]),
      ...outOfTurn(log),
    ]
  },

  /** The log has the output that the command wrote: all of it, or its beginning if the command was interrupted. */
  outputs({answerer, log, written, asked}: Facts): string[] {
    return idsOf(log, 'message.start').flatMap((id) => {
      if (answerer === 'shell' && asked.get(id)?.isInterrupted) return []
      const wrote = (written.get(id) ?? '').replaceAll('\n', answerer === 'shell' ? '\r\n' : '\n')
      // The terminal and the shell echo a Ctrl-C. Nobody does in a session with an agent.
      const ending = isWhole(log, id) ? /(\^C(\r\n)?)*$/ : /(\^C|\r\n)*$/
      const logged = outputOf(log, id)
        .replace(/^(\^C)+/, '')
        .replace(ending, '')
      const holds = isWhole(log, id) ? logged === wrote : wrote.startsWith(logged)
      return holds ? [] : [`Expected the output of ${id} to be ${excerpt(wrote)}, found ${excerpt(logged)}`]
    })
  },

  /** A withdrawn prompt does not run. */
  withdrawn({changes, effects, log}: Facts): string[] {
    return [...doneOf(changes.withdraw)].flatMap(([id]) => [
      ...expectCount(`effect of ${id}, which was withdrawn`, 0, 0, effects.filter((effect) => effect.id === id).length),
      ...(endOf(log, id)?.status === 'cancelled' ? [] : [`Expected the end of ${id} to be \`cancelled\``]),
    ])
  },

  /** An updated prompt runs with its new text, every other prompt with its first one. */
  updated({changes, effects}: Facts): string[] {
    return effects.flatMap(({id, version}) => {
      const update = changes.update.get(id)
      const [least, most] = [update?.doneAt === undefined ? 1 : 2, update === undefined ? 1 : 2]
      if (version >= least && version <= most) return []
      return [`Expected ${id} to run with text ${least === most ? least : '1 or 2'}, found ${version}`]
    })
  },

  /** A promoted prompt starts before all prompts that were queued before the request and had not started when it was done. */
  promoted({changes, log}: Facts): string[] {
    const at = (type: PromptEvent, id: string) => findOf(log, type, id)?.at ?? Infinity
    const seq = (id: string) => findOf(log, 'message.start', id)?.seq ?? Infinity
    return [...doneOf(changes.promote)].flatMap(([id, {requestedAt, doneAt}]) =>
      idsOf(log, 'message.start')
        .filter((other) => other !== id && !changes.promote.has(other))
        .filter((other) => at('prompt.queued', other) < requestedAt && at('message.start', other) > doneAt)
        .filter((other) => seq(other) < seq(id))
        .map((other) => `Expected ${id}, which was promoted, to start before ${other}`),
    )
  },

  /** The draft is the one that was saved last, or one of those that were saved at the same time. */
  drafts({drafts, state}: Facts): string[] {
    const found = state?.draft ?? ''
    const wasReplaced = (doneAt: number | undefined) =>
      doneAt !== undefined && [...doneOf(drafts)].some(([, later]) => later.requestedAt > doneAt)
    const draft = drafts.get(found)
    const holds = found === '' ? doneOf(drafts).size === 0 : draft !== undefined && !wasReplaced(draft.doneAt)
    return holds ? [] : [`Expected the draft to be the last of ${excerpt([...drafts])}, found ${excerpt(found)}`]
  },

  /** A command finds the terminal size that was set last. */
  size({size}: Facts): string[] {
    if (size === undefined || size.found === size.set) return []
    return [`Expected a command to find the terminal size ${size.set}, found ${size.found}`]
  },

  /** A migration keeps an exact copy of the older log. */
  copies({olderLogs, log}: Facts): string[] {
    return olderLogs.flatMap(({format, length, copy}) => {
      if (isDeepStrictEqual(copy, log.slice(0, length))) return []
      const found = copy === undefined ? 'none' : `one of ${copy.length} events`
      return [`Expected a copy of the log of format ${format} with its ${length} events, found ${found}`]
    })
  },

  /** Input reaches the command that asked for it, whole, and once. */
  inputs({log, asked}: Facts): string[] {
    return [...asked].flatMap(([id, {answer, read, isTaken, isInterrupted}]) => {
      const wrong = read.filter((line) => line !== answer)
      if (wrong.length > 0) return [`Expected ${id} to read ${excerpt(answer)}, found ${excerpt(wrong.join('\n'))}`]
      return expectCount(`answer read by ${id}`, isTaken && isWhole(log, id) && !isInterrupted ? 1 : 0, 1, read.length)
    })
  },

  /** A client receives the log from the seq that it asked for, in order and once; its last process receives all of it. */
  received({log, received}: Facts): string[] {
    return received.flatMap(({client, afterSeq, events, isLast}) => {
      const wanted = log.slice(afterSeq)
      const wrong = events.findIndex((event, index) => !isDeepStrictEqual(event, wanted[index]))
      if (wrong !== -1) {
        const [expected, found] = [wanted[wrong], events[wrong]].map((event) => excerpt(event))
        return [`Expected ${client} to receive ${expected} next, found ${found}`]
      }
      if (!isLast || events.length === wanted.length) return []
      return [`Expected ${client} to receive all ${wanted.length} events, found ${events.length}`]
    })
  },

  /** The stored state is the one that its events reduce to. */
  state({log, state}: Facts): string[] {
    // As it is stored: without the keys that are undefined.
    const reduced = JSON.parse(
      JSON.stringify(log.reduce<SessionState | undefined>(reduceSession, undefined)),
    ) as unknown
    if (isDeepStrictEqual(reduced, state)) return []
    return [`Expected the state to be ${JSON.stringify(reduced)}, found ${JSON.stringify(state)}`]
  },

  sockets({sockets}: Facts): string[] {
    if (sockets === undefined || sockets.found <= sockets.most) return []
    return [`Expected at most ${sockets.most} sockets in the host at rest, found ${sockets.found}`]
  },

  orphans({leftProcesses}: Facts): string[] {
    return leftProcesses.map((process) => `Expected no process to be left, found ${process}`)
  },

  leftovers({leftFiles}: Facts): string[] {
    return leftFiles.map((file) => `Expected no socket or lock to be left, found ${file}`)
  },
}

function doneOf(requests: ReadonlyMap<string, Requested>): Map<string, Required<Requested>> {
  return new Map(
    [...requests].flatMap(([key, {requestedAt, doneAt}]) =>
      doneAt === undefined ? [] : [[key, {requestedAt, doneAt}]],
    ),
  )
}

/** Prompts that started before their turn in the queue, or with another text than in the queue. */
function outOfTurn(log: readonly SessionEvent[]): string[] {
  let state: SessionState | undefined
  return log.flatMap((event) => {
    const next = state?.queue[0]
    state = reduceSession(state, event)
    if (event.type !== 'message.start') return []
    const {prompt_id, text} = event.payload
    if (next?.prompt_id === prompt_id && next.text === text) return []
    return [`Expected ${next?.prompt_id ?? 'nothing'} to start next, with its text in the queue, found ${prompt_id}`]
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

/** The command ran to its end. A Ctrl-C between two commands may have hit the second one. */
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

/** The two ends of a long value. */
function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  const most = 400
  if (text.length <= most) return text
  return `${text.slice(0, most / 2)} … ${text.slice(-most / 2)} (${text.length} characters)`
}
