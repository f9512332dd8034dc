import type {Random} from './random.ts'

export const victims = ['gateway', 'host', 'client'] as const
export type Victim = (typeof victims)[number]

/** One kill: of whom, and when. */
export interface Kill {
  victim: Victim
  /** So many events after the kill before; none means in the middle of the recovery from it. */
  afterEvents: number
}

/** One prompt: what its command will do. */
export interface Prompt {
  id: string
  lines: number
  /** Between two lines, seconds. */
  pause: number
}

/** Which kills to make. Each kind of process is killed at least once when there are as many kills as kinds. */
export function planKills(random: Random, count: number): Kill[] {
  return Array.from({length: count}, (_, index) => ({
    victim: victims[index] ?? random.pick(victims),
    afterEvents: random.integer(0, 3) === 0 ? 0 : random.integer(1, 25),
  }))
}

/** The prompt that is sent as the `number`th. Short and long ones, so that kills meet all stages of a prompt. */
export function planPrompt(random: Random, number: number): Prompt {
  return {id: `prompt-${number}`, lines: random.integer(1, 40), pause: random.pick([0, 0.002, 0.01])}
}
