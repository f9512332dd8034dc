import {createRandom, type Random} from './random.ts'

/** When in the life of a prompt or a process a fault is injected. See `run/reach-phase.ts` for what each means from outside. */
export const phases = ['start', 'accept', 'commit', 'stream', 'resume', 'migrate', 'rest'] as const
export type Phase = (typeof phases)[number]

export type Victim = 'host' | 'gateway' | 'client' | 'shell' | 'agent'

/** What answers the prompts of a session. */
export type Answerer = 'shell' | 'agent'

/** A prompt, by what its command, or the coding agent, does after it noted its id. */
export type Prompt = {id: string} & (
  | {does: 'print'; lines: number; /** Between two lines, in seconds. */ pause: number}
  | {does: 'flood'; lines: number}
  /** Reads one line of input; of an agent: asks for a permission. */
  | {does: 'ask'}
  /** Has a tool run a program. Agents only. */
  | {does: 'tool'; /** How long it runs, in seconds. */ seconds: number}
  /** Notes the size of its terminal. */
  | {does: 'measure'}
)

/** What can be done to a queued prompt. An update gives it another text, with another version number. */
export const queueChanges = ['withdraw', 'update', 'promote'] as const
export type QueueChange = (typeof queueChanges)[number]

/** One step of a run; `client` counts from 0. */
export type Step =
  | {kind: 'prompt'; client: number; prompt: Prompt}
  | {kind: 'resize'; client: number; cols: number; rows: number}
  | {kind: 'interrupt'; client: number}
  /** Submits three prompts, and changes the last of them while it is queued. */
  | {kind: 'change'; change: QueueChange; client: number; prompts: readonly [Prompt, Prompt, Prompt]}
  /** Saves a draft. No two drafts of a schedule have the same text. */
  | {kind: 'draft'; client: number; text: string}
  /** Closes the client and starts another process in its place: after the last event that it received, or from the start. */
  | {kind: 'replace'; client: number; fromStart: boolean}
  | {kind: 'pause'; ms: number}
  | Fault

export interface Fault {
  kind: 'fault'
  victim: Victim
  /** The client whose process or gateway is meant. A session has one host, and one shell or agent. */
  client: number
  /** SIGSTOP is followed by SIGCONT after `stoppedMs`. */
  signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'
  stoppedMs: number
  phase: Phase
  /** From the beginning of the phase to the signal. */
  delayMs: number
  /** Submitted to reach the phase, where it needs a prompt. */
  prompt: Prompt
}

export interface Schedule {
  seed: number
  answerer: Answerer
  clients: number
  steps: readonly Step[]
}

/** In each run. */
const faults = 4

/** Every third run has a coding agent, the others a shell. */
function answererOf(seed: number): Answerer {
  return seed % 3 === 0 ? 'agent' : 'shell'
}

/** Plans the run of a seed. The same seed and answerer give the same schedule. */
export function planSchedule(seed: number, answerer = answererOf(seed)): Schedule {
  const random = createRandom(seed)
  const clients = random.pick([1, 1, 2, 3])
  let ids = 0
  const newId: NewId = (kind) => `${kind}-${++ids}`
  const steps: Step[] = []
  const planned: Planned = {random, clients, answerer, newId}
  for (let fault = 0; fault < faults; fault++) {
    for (let count = random.integer(0, 3); count > 0; count--) steps.push(planStep(planned))
    steps.push(planFault(planned))
  }
  return {seed, answerer, clients, steps}
}

type NewId = (kind: 'prompt' | 'draft') => string

interface Planned {
  random: Random
  clients: number
  answerer: Answerer
  newId: NewId
}

function planStep({random, clients, answerer, newId}: Planned): Step {
  const client = random.integer(0, clients - 1)
  const prompt = () => planPrompt[answerer](random, newId('prompt'))
  const kind = random.pick(['prompt', 'prompt', 'change', 'draft', 'resize', 'interrupt', 'replace', 'pause'])
  switch (kind) {
    case 'prompt':
      return {kind, client, prompt: prompt()}
    case 'change': {
      // Runs long enough to keep the others in the queue.
      const first: Prompt = {id: newId('prompt'), does: 'print', lines: random.integer(10, 30), pause: 0.01}
      return {kind, change: random.pick(queueChanges), client, prompts: [first, prompt(), prompt()]}
    }
    case 'draft':
      return {kind, client, text: newId('draft')}
    case 'resize':
      return {kind, client, cols: random.integer(1, 300), rows: random.integer(1, 100)}
    case 'replace':
      return {kind, client, fromStart: random.integer(0, 1) === 0}
    case 'pause':
      return {kind, ms: random.integer(0, 100)}
    default:
      return {kind: 'interrupt', client}
  }
}

type Shares<Value> = readonly [Value, ...Value[]]

/** Phases by their share of the faults: those that are hard to reach are tried more often. */
const phaseShares: Shares<Phase> = [
  ...(['start', 'start', 'start', 'accept', 'accept', 'commit', 'commit', 'stream', 'stream', 'stream'] as const),
  ...(['resume', 'resume', 'resume', 'migrate', 'migrate', 'rest'] as const),
]

/** No older log has a coding agent. */
const shares: Readonly<Record<Answerer, {phases: Shares<Phase>; victims: Shares<Victim>}>> = {
  shell: {phases: phaseShares, victims: ['host', 'host', 'host', 'gateway', 'gateway', 'client', 'shell']},
  agent: {
    phases: ['start', 'accept', 'accept', 'commit', 'commit', 'stream', 'stream', 'stream', 'resume', 'rest'],
    victims: ['agent', 'agent', 'agent', 'host', 'host', 'gateway', 'client'],
  },
}

/** About as long as the phase takes: a commit is instantaneous, the start of a process is not. */
const maxDelayMs: Readonly<Record<Phase, number>> = {
  start: 60,
  accept: 20,
  commit: 0,
  stream: 15,
  resume: 150,
  migrate: 8,
  rest: 30,
}

/** From the start of an agent to its session, about. */
const agentStartMs = 1000

function planFault({random, clients, answerer, newId}: Planned): Fault {
  const phase = random.pick(shares[answerer].phases)
  const id = newId('prompt')
  // Only hosts migrate logs.
  const victim = phase === 'migrate' ? 'host' : random.pick(shares[answerer].victims)
  return {
    kind: 'fault',
    victim,
    client: random.integer(0, clients - 1),
    signal: random.pick(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGSTOP']),
    stoppedMs: random.integer(10, 600),
    phase,
    delayMs: random.integer(0, victim === 'agent' && phase === 'start' ? agentStartMs : maxDelayMs[phase]),
    // The migration of a long log takes long enough to be met.
    prompt:
      phase === 'migrate'
        ? {id, does: 'flood', lines: random.integer(100_000, 400_000)}
        : planPrompt[answerer](random, id),
  }
}

const planPrompt = {
  shell(random: Random, id: string): Prompt {
    const does = random.pick(['print', 'print', 'print', 'flood', 'ask'])
    if (does === 'ask') return {id, does}
    if (does === 'flood') return {id, does, lines: random.integer(100, 20_000)}
    return {id, does: 'print', lines: random.integer(1, 30), pause: random.pick([0, 0, 0.002, 0.01])}
  },
  agent(random: Random, id: string): Prompt {
    const does = random.pick(['print', 'print', 'flood', 'ask', 'tool'])
    if (does === 'ask') return {id, does}
    if (does === 'tool') return {id, does, seconds: random.pick([0, 0.1, 0.3])}
    if (does === 'flood') return {id, does, lines: random.integer(100, 5000)}
    return {id, does: 'print', lines: random.integer(1, 50), pause: random.pick([0, 0.002, 0.01, 0.03])}
  },
} satisfies Record<Answerer, (random: Random, id: string) => Prompt>
