import {mkdirSync} from 'node:fs'

import {homePaths, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {createSessionId, type NewEvent} from '@holdfast/protocol'

import {createHome, type Home} from '../../../../apps/tui/e2e/support/home.ts'
import {waitForExit} from '../../../../apps/tui/e2e/support/processes.ts'
import {openTui} from '../../../../apps/tui/e2e/support/tui.ts'
import {atMost} from '../../report.ts'
import type {BenchCase} from '../bench-case.ts'

const sizes = {long: 1_000_000, short: 10}
const figureOf = (events: number) => `ms from the start of \`holdfast --resume\` to the last line, ${events} events`
const lastLine = 'this is the last line'
const batch = 10_000

export const firstScreen: BenchCase = {
  async open() {
    const home = createHome()
    const ids = {long: makeSession(home, sizes.long), short: makeSession(home, sizes.short)}
    const show = async (size: keyof typeof sizes) => {
      const startedAt = performance.now()
      await using tui = await openTui(home, ['--resume', ids[size]])
      await tui.waitFor(lastLine, {timeoutMs: 30_000})
      const tookMs = performance.now() - startedAt
      tui.kill('SIGTERM')
      await tui.exited
      // The next start has to start a host, too.
      const host = await home.process('host')
      process.kill(host.pid, 'SIGTERM')
      await waitForExit(host)
      return {[figureOf(sizes[size])]: tookMs}
    }
    return {
      steps: {long: () => show('long'), short: () => show('short')},
      [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
    }
  },
  goals: (median) => [
    atMost(
      'first screen: time of a session with 1,000,000 events, ratio to that of one with 10',
      median(figureOf(sizes.long)) / median(figureOf(sizes.short)),
      1.2,
    ),
  ],
}

/** A session with one line of output in each event. */
function makeSession(home: Home, events: number): string {
  const id = createSessionId()
  mkdirSync(homePaths(home.state).sessions, {recursive: true, mode: 0o700})
  const log = openSqliteLog({file: sessionPaths(home.state, id).log, sessionId: id, create: true})
  const ids = {prompt_id: 'a'}
  const info = {title: 'bench', agent: 'shell', cwd: home.project, shell: '/bin/bash', created_at: Date.now()}
  log.append([
    {type: 'session.info', payload: info},
    {type: 'prompt.queued', payload: {...ids, text: 'print', position: 0}},
    {type: 'message.start', payload: {...ids, text: 'print'}},
  ])
  const deltas = events - log.latestSeq - 1
  for (let written = 0; written < deltas; written += batch) {
    const count = Math.min(batch, deltas - written)
    log.append(
      Array.from({length: count}, (_, index): NewEvent => {
        const isLast = written + index + 1 === deltas
        return {
          type: 'message.delta',
          payload: {...ids, text: isLast ? `${lastLine}\r\n` : `line ${written + index}\r\n`},
        }
      }),
    )
  }
  log.append([{type: 'message.complete', payload: {...ids, status: 'complete', exit_code: 0, duration_ms: 1}}])
  log.close()
  return id
}
