import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {choices} from './choices.ts'
import type {TestSession} from './test-session.ts'

/** Its name in the settings. */
export const testAgent = 'faults'

export const agentProgram = join(import.meta.dirname, 'agent-program.ts')

/** Adds the agent to the settings of a user whose home folder this is. */
export function addTestAgent(folder: string): void {
  const [settings, sessions] = [`${folder}/.config/holdfast`, `${folder}/agent`]
  for (const path of [settings, sessions]) mkdirSync(path, {recursive: true})
  const agents = {[testAgent]: {command: process.execPath, args: [agentProgram, sessions]}}
  writeFileSync(`${settings}/config.json`, JSON.stringify({agents, permissions: {execute: 'allow'}}))
}

/** How long a question is open before it is answered, at most, ms: faults must find open ones. */
const maxOpenMs = 300

/** How long to wait for the effect of an answer before all clients answer again, ms. */
const patienceMs = 500

/** Has all clients answer each question of the agent at the same time, each with its own choice, until it is not open any more. */
export function answerAgent({observations, clients}: TestSession): NodeJS.Timeout {
  const answeredAt = new Map<string, number>()
  return setInterval(() => {
    const now = performance.now()
    for (const [promptId, {approvalId, askedAt}] of observations.questions) {
      const last = answeredAt.get(approvalId)
      if (last === undefined ? now - askedAt < openMs(promptId) : now - last < patienceMs) continue
      answeredAt.set(approvalId, now)
      for (const [index, client] of clients.entries()) {
        client.send({kind: 'answer', approvalId, choice: choices[index % choices.length]!})
      }
    }
  }, 20)
}

/** The same for the same prompt. */
function openMs(promptId: string): number {
  return (Number(promptId.slice(promptId.indexOf('-') + 1)) * 97) % maxOpenMs
}
