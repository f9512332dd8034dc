import type {HeldSession, Machine} from '../choose-machine.ts'
import {eachOf} from '../each-of.ts'
import {handOver} from './hand-over.ts'
import type {MachineContext} from '../machine-context.ts'
import {maxListed, type DrainProgress} from './orders.ts'
import {planMoves} from './plan-moves.ts'

/** Moves at a time. */
const atOnce = 4

/** Moves the sessions of a machine away. */
export interface Drain {
  /** `undefined` before the first `step`. */
  readonly progress: DrainProgress | undefined
  /** Moves what can be moved now. */
  step(sessions: readonly HeldSession[], machines: readonly Machine[], options: {now: boolean}): Promise<void>
}

export function createDrain(context: MachineContext, onFailure: (sessionId: string, error: unknown) => void): Drain {
  const {me, hosts, report, signal} = context
  let progress: DrainProgress | undefined
  // A host that does not answer may be in the middle of something.
  const isBusy = (sessionId: string) => hosts.isBusy(sessionId).catch(() => true)
  return {
    get progress() {
      return progress
    },
    async step(sessions, machines, {now}) {
      const mine = sessions.filter(({machine, state}) => machine === me && state === 'open')
      const busy = new Set<string>()
      await eachOf(mine, atOnce, async ({sessionId}) => {
        if (await isBusy(sessionId)) busy.add(sessionId)
      })
      const plan = planMoves(mine, {me, machines, busy, now})
      const was = progress?.left
      progress = {
        kind: 'draining',
        left: mine.length,
        busy: plan.busy.slice(0, maxListed).map(({sessionId}) => sessionId),
        stranded: plan.stranded.slice(0, maxListed).map(({sessionId, needs}) => ({sessionId, needs: [...needs]})),
      }
      await eachOf(plan.moves, atOnce, async ({session, to}) => {
        const {sessionId} = session
        if (signal.aborted) return
        // The moves before it may have taken minutes, in which a prompt began. The next step asks again.
        if (!now && (await isBusy(sessionId))) {
          progress = {...progress!, busy: [...progress!.busy, sessionId].slice(0, maxListed)}
          return
        }
        try {
          await handOver(context, session, to)
          progress = {...progress!, left: progress!.left - 1}
        } catch (error) {
          if (!signal.aborted) onFailure(sessionId, error)
        }
      })
      if (progress.left === 0 && was !== 0) report({kind: 'drained'})
    },
  }
}
