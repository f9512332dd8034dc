import {createRandom, type Random} from './random.ts'

/** Where in the life of a prompt or a process a fault is to come. See `aim.ts` for what each means from outside. */
export const phases = ['start', 'accept', 'commit', 'stream', 'resume', 'migrate', 'rest'] as const
export type Phase = (typeof phases)[number]

export const victims = ['host', 'gateway', 'client', 'shell'] as const
export type Victim = (typeof victims)[number]

/** One prompt: what its command will do, after it noted its id. */
export type Prompt = {id: string} & (
  | {does: 'print'; lines: number; /** Between two lines, seconds. */ pause: number}
  | {does: 'flood'; lines: number}
  /** Takes one line of input. */
  | {does: 'ask'}
  /** Notes the size of its screen. */
  | {does: 'measure'}
)

/** What can be done to a prompt that waits. Updated, it gets another text, which says so. */
export const queueChanges = ['withdraw', 'update', 'promote'] as const
export type QueueChange = (typeof queueChanges)[number]

/** What a client is told to do; `client` counts from 0. */
export type Step =
  | {kind: 'prompt'; client: number; prompt: Prompt}
  | {kind: 'resize'; client: number; cols: number; rows: number}
  | {kind: 'interrupt'; client: number}
  /** Submits three prompts, and changes the last of them while it waits. */
  | {kind: 'change'; does: QueueChange; client: number; prompts: readonly [Prompt, Prompt, Prompt]}
  /** What is half typed. No two are the same. */
  | {kind: 'draft'; client: number; text: string}
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
  let made = 0
  const newId: NewId = (what) => `${what}-${++made}`
  const steps: Step[] = []
  for (let fault = 0; fault < faults; fault++) {
    for (let count = random.integer(0, 3); count > 0; count--) steps.push(planStep(random, clients, newId))
    steps.push(planFault(random, clients, newId))
  }
  return {seed, clients, steps}
}

/** How many faults a schedule holds. */
export function countFaults({steps}: Schedule): number {
  return steps.filter(({kind}) => kind === 'fault').length
}

type NewId = (what: 'prompt' | 'draft') => string

function planStep(random: Random, clients: number, newId: NewId): Step {
  const client = random.integer(0, clients - 1)
  const prompt = () => planPrompt(random, newId('prompt'))
  const kind = random.pick(['prompt', 'prompt', 'change', 'draft', 'resize', 'interrupt', 'replace', 'pause'])
  switch (kind) {
    case 'prompt':
      return {kind, client, prompt: prompt()}
    case 'change': {
      // The first runs for long enough that the others wait.
      const first: Prompt = {id: newId('prompt'), does: 'print', lines: random.integer(10, 30), pause: 0.01}
      return {kind, does: random.pick(queueChanges), client, prompts: [first, prompt(), prompt()]}
    }
    case 'draft':
      return {kind, client, text: newId('draft')}
    case 'resize':
      return {kind, client, cols: random.integer(1, 300), rows: random.integer(1, 100)}
    case 'replace':
      return {kind, client, fresh: random.integer(0, 1) === 0}
    case 'pause':
      return {kind, ms: random.integer(0, 100)}
    default:
      return {kind: 'interrupt', client}
  }
}

/** How often each is aimed at, of all; those that are often missed more often. */
const aimedAt: readonly [Phase, ...Phase[]] = [
  ...(['start', 'start', 'start', 'accept', 'accept', 'commit', 'commit', 'stream', 'stream', 'stream'] as const),
  ...(['resume', 'resume', 'resume', 'migrate', 'migrate', 'rest'] as const),
]

/** The longest delay in a phase, ms: a commit is over in a moment; a process takes its time to start. */
const longestDelayMs: Readonly<Record<Phase, number>> = {
  start: 60,
  accept: 4,
  commit: 0,
  stream: 15,
  resume: 150,
  migrate: 8,
  rest: 30,
}

function planFault(random: Random, clients: number, newId: NewId): Fault {
  const phase = random.pick(aimedAt)
  const id = newId('prompt')
  return {
    kind: 'fault',
    // Nobody else migrates.
    victim:
      phase === 'migrate' ? 'host' : random.pick(['host', 'host', 'host', 'gateway', 'gateway', 'client', 'shell']),
    client: random.integer(0, clients - 1),
    signal: random.pick(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGSTOP']),
    stoppedMs: random.integer(10, 600),
    phase,
    delayMs: random.integer(0, longestDelayMs[phase]),
    // The longer the log, the longer takes its migration.
    prompt: phase === 'migrate' ? {id, does: 'flood', lines: random.integer(100_000, 400_000)} : planPrompt(random, id),
  }
}

function planPrompt(random: Random, id: string): Prompt {
  const does = random.pick(['print', 'print', 'print', 'flood', 'ask'])
  if (does === 'ask') return {id, does}
  if (does === 'flood') return {id, does, lines: random.integer(100, 20_000)}
  return {id, does: 'print', lines: random.integer(1, 30), pause: random.pick([0, 0, 0.002, 0.01])}
}
