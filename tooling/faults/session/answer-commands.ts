import type {TestSession} from './test-session.ts'

/** How long a command waits for an answer that may be lost, before Ctrl-C ends it, ms. */
const patienceMs = 1000

/** Answers every command that asks, once. Lost input is not sent again: Ctrl-C ends the commands that still wait for it. */
export function answerCommands(session: TestSession): NodeJS.Timeout {
  const {observations, submitted} = session
  const answered = new Map<string, {at: number; client: number; instance: number}>()
  let turn = 0
  return setInterval(() => {
    for (const [promptId, {does}] of submitted) {
      if (does !== 'ask' || !observations.printed.has(promptId) || observations.ended.has(promptId)) continue
      const last = answered.get(promptId)
      const client = last?.client ?? turn++
      const instance = session.client(client).instances.length
      if (last === undefined) {
        session.client(client).send({kind: 'input', promptId, text: `${answerTo(promptId)}\n`})
        answered.set(promptId, {at: performance.now(), client, instance})
        continue
      }
      // Only when the answer cannot arrive any more: Ctrl-C would overtake it, and the shell would read it.
      const isLost = observations.inputLost.has(promptId) || instance !== last.instance
      if (!isLost || performance.now() - last.at < patienceMs) continue
      session.interrupt(client)
      answered.set(promptId, {...last, at: performance.now()})
    }
  }, 20)
}

/** The input for a command that asks. */
export function answerTo(promptId: string): string {
  return `answer to ${promptId}`
}
