import {copyFileSync, mkdirSync, rmSync} from 'node:fs'

import {homePaths, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'

import {createHome, type Home} from '../../../../apps/tui/e2e/support/home.ts'
import {createBareNode} from '../bare-node.ts'
import type {BenchCase} from '../bench-case.ts'

const sessions = 1000

/** Has no goal. */
export const list: BenchCase = {
  async open() {
    const home = createHome()
    const bare = createBareNode()
    makeSessions(home)
    return {
      steps: {
        async holdfast() {
          const startedAt = performance.now()
          const {stdout} = await home.holdfast(['ls', '--json'])
          const tookMs = performance.now() - startedAt
          const lines = stdout.split('\n').length - 1
          if (lines !== sessions) throw new Error(`Expected ${sessions} sessions, got ${lines}`)
          return {[`ms for \`holdfast ls\` of ${sessions} stopped sessions`]: tookMs}
        },
        node: async () => ({'ms for a bare node that exits at once': await bare.exit()}),
      },
      async [Symbol.asyncDispose]() {
        bare[Symbol.dispose]()
        // Closing them would start a host for each.
        rmSync(homePaths(home.state).sessions, {recursive: true})
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: () => [],
}

/** Creates one log and copies it under other session ids. */
function makeSessions(home: Home): void {
  const {sessions: folder} = homePaths(home.state)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const id = createSessionId()
  const {log: file} = sessionPaths(home.state, id)
  const log = openSqliteLog({file, sessionId: id, create: true})
  const info = {title: 'bench', agent: 'shell', cwd: home.project, shell: '/bin/bash', created_at: Date.now()}
  log.append([{type: 'session.info', payload: info}])
  log.close()
  for (let count = 1; count < sessions; count++) copyFileSync(file, sessionPaths(home.state, createSessionId()).log)
}
