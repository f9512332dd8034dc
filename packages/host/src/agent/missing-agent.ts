import type {Agent} from './agent.ts'

/** An agent whose prompts all fail, for the same reason: it is not in the settings any more. */
export function createMissingAgent(error: unknown): Agent {
  return {
    prompt: () => Promise.reject(error),
    input: () => false,
    interrupt() {},
    resize() {},
    pause() {},
    resume() {},
    async close() {},
  }
}
