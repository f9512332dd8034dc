import {judge, type Judgement} from './judge.ts'
import {type RecordedLife, readLives, traceOf} from './read-lives.ts'

/** How a life ended, and why, as far as the log shows. */
export interface Death extends Omit<Judgement, 'evidence'> {
  /** When it was noticed, epoch ms: of a death that was inferred, perhaps long after it. */
  at: number
  /** Which program, such as `gateway`. */
  who: string
  /** Missing when it could not be started. */
  pid?: number
  generation?: number
  session?: string
  /** The lines that the verdict rests on. */
  evidence: readonly string[]
}

export interface ExplainOptions {
  /** Deaths before it are left out, epoch ms. @default none */
  after?: number
}

/**
 * The deaths that the lines of a crash log tell of, in the order in which they were noticed, each with a verdict and the
 * lines that it rests on. Only what the lines say counts; a line that is missing suggests, and no more. Lines that are no
 * breadcrumbs are left out. A host that ended because another one held its session is none: nothing had begun.
 */
export function explainDeaths(lines: readonly string[], options: ExplainOptions = {}): Death[] {
  const {after = -Infinity} = options
  const known = new Map<RecordedLife, Judgement | undefined>()
  const judgeOnce = (life: RecordedLife): Judgement | undefined => {
    if (!known.has(life)) {
      known.set(life, undefined)
      known.set(life, judge(life, judgeOnce))
    }
    return known.get(life)
  }
  return readLives(lines)
    .flatMap((life) => {
      const judgement = judgeOnce(life)
      if (!judgement) return []
      const {who, pid, generation, session} = life
      return {
        at: endOf(life),
        who,
        ...(pid !== undefined && {pid}),
        ...(generation !== undefined && {generation}),
        ...(session !== undefined && {session}),
        ...judgement,
        evidence: judgement.evidence.map(({line}) => line),
      }
    })
    .filter(({at}) => at >= after)
    .sort((a, b) => a.at - b.at)
}

function endOf({own, told, startedAt}: RecordedLife): number {
  const ends = [
    ...['child-exit', 'spawn-failed'].map((what) => traceOf(told, what)),
    ...['exit', 'shutdown'].map((what) => traceOf(own, what)),
    ...['gone', 'exit-inferred'].map((what) => traceOf(told, what)),
  ]
  return ends.find((trace) => trace !== undefined)?.at ?? startedAt
}
