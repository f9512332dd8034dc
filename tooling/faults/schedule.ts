import {createRandom, type Random} from './random.ts'

/** Where in the life of a prompt or a process a fault is to come. See `aim.ts` for what each means from outside. */
export const phases = ['start', 'accept', 'commit', 'stream', 'resume', 'rest'] as const
export type Phase = (typeof phases)[number]

export const victims = ['host', 'gateway', 'client', 'shell'] as const
export type Victim = (typeof victims)[number]

/** One prompt: what its command will do, after it noted its id. */
export type Prompt = {id: string} & (
  | {does: 'print'; lines: number; /** Between two lines, seconds. */ pause: number}
  | {does: 'flood'; lines: number}
  /** Takes one line of input. */
  | {does: 'ask'}
)

/** What a client is told to do; `client` counts from 0. */
export type Step =
  | {kind: 'prompt'; client: number; prompt: Prompt}
  | {kind: 'resize'; client: number; cols: number; rows: number}
  | {kind: 'interrupt'; client: number}
  | {kind: 'withdraw'; client: number}
  /** Ends the client in order and starts another in its place, which goes on behind the last event, or sees all again. */
  | {kind: 'replace'; client: number; fresh: boolean}
  /** Nothing, for so long, ms. */
  | {kind: 'pause'; ms: number}
  | Fault

export interface Fault {
  kind: 'fault'
  victim: Victim
  /** Whose: of a host and its shell there is one. */
  client: number
  /** SIGSTOP is followed by SIGCONT. */
  signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'
  /** How long it is stopped, ms. */
  stoppedMs: number
  phase: Phase
  /** After the phase has begun, ms. */
  delayMs: number
  /** The prompt with which the phase is brought about, where one is needed. */
  prompt: Prompt
}

export interface Schedule {
  seed: number
  clients: number
  steps: readonly Step[]
}

/** What happens in the run of a seed. The same seed gives the same schedule. */
export function planSchedule(seed: number, faults = 4): Schedule {
  const random = createRandom(seed)
  const clients = random.pick([1, 1, 2, 3])
  let prompts = 0
  const prompt = () => planPrompt(random, `prompt-${++prompts}`)
  const steps: Step[] = []
  for (let fault = 0; fault < faults; fault++) {
    for (let count = random.integer(0, 3); count > 0; count--) steps.push(planStep(random, clients, prompt))
    steps.push(planFault(random, clients, prompt))
  }
  return {seed, clients, steps}
}

/** How many faults a schedule holds. */
export function countFaults({steps}: Schedule): number {
  return steps.filter(({kind}) => kind === 'fault').length
}

function planStep(random: Random, clients: number, prompt: () => Prompt): Step {
  const client = random.integer(0, clients - 1)
  const kind = random.pick(['prompt', 'prompt', 'prompt', 'resize', 'interrupt', 'withdraw', 'replace', 'pause'])
  switch (kind) {
    case 'prompt':
      return {kind, client, prompt: prompt()}
    case 'resize':
      return {kind, client, cols: random.integer(1, 300), rows: random.integer(1, 100)}
    case 'replace':
      return {kind, client, fresh: random.integer(0, 1) === 0}
    case 'pause':
      return {kind, ms: random.integer(0, 100)}
    default:
      return {kind: kind as 'interrupt' | 'withdraw', client}
  }
}

function planFault(random: Random, clients: number, prompt: () => Prompt): Fault {
  const phase = random.pick(['start', 'accept', 'commit', 'commit', 'stream', 'resume', 'rest'] satisfies Phase[] as [
    Phase,
  ])
  return {
    kind: 'fault',
    victim: random.pick(['host', 'host', 'host', 'gateway', 'gateway', 'client', 'shell']),
    client: random.integer(0, clients - 1),
    signal: random.pick(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGSTOP']),
    stoppedMs: random.integer(10, 600),
    phase,
    // A commit is over in a moment; a process takes its time to start.
    delayMs: random.integer(0, {start: 120, accept: 4, commit: 0, stream: 15, resume: 200, rest: 30}[phase]),
    prompt: prompt(),
  }
}

function planPrompt(random: Random, id: string): Prompt {
  const does = random.pick(['print', 'print', 'print', 'flood', 'ask'])
  if (does === 'ask') return {id, does}
  if (does === 'flood') return {id, does, lines: random.integer(100, 20_000)}
  return {id, does: 'print', lines: random.integer(1, 30), pause: random.pick([0, 0, 0.002, 0.01])}
}
