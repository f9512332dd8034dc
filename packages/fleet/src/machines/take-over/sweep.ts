import {isFleetError} from '../../fleet-error.ts'
import type {HeldSession} from '../choose-machine.ts'
import {eachOf} from '../each-of.ts'
import type {MachineContext} from '../machine-context.ts'
import {reconcileLog, removeDeleted} from '../reconcile/reconcile-log.ts'
import {shipRest} from '../reconcile/ship-rest.ts'
import type {SweepPlan} from './plan-sweep.ts'
import type {SessionFaults} from './session-faults.ts'
import {takeSession, type Reason} from './take-session.ts'

/** Sessions that are read back at a time. */
const atOnce = 4

/** Carries out a plan. Returns whether it is complete; `false`: some of it must be tried again. */
export async function sweep(context: MachineContext, plan: SweepPlan, faults: SessionFaults): Promise<boolean> {
  const {signal} = context
  let isComplete = true
  const work = (sessions: readonly HeldSession[], act: (session: HeldSession) => Promise<boolean>) =>
    eachOf(sessions, atOnce, async (session) => {
      if (signal.aborted) return
      try {
        const isDone = await act(session)
        isComplete &&= isDone
        faults.remove(session.sessionId)
      } catch (error) {
        // A log that has diverged stays so until somebody moves it away.
        if (!isFleetError(error) || error.code !== 'diverged') isComplete = false
        if (!signal.aborted) faults.add(session.sessionId, error)
      }
    })
  // A session may be both in `lost`, as its old log is here, and in `take`, as its new machine is gone: clear the log away first.
  await work(plan.deleted, ({sessionId}) => removeDeleted(context, sessionId))
  await work(plan.lost, ({sessionId}) => reconcileLog(context, sessionId))
  await work(plan.mine, async (session) => {
    await shipRest(context, session)
    return true
  })
  await work(plan.restore, (session) => takeAndStart(context, session, 'restored'))
  await work(plan.take, (session) => takeAndStart(context, session, 'gone'))
  return isComplete
}

/** A session in which nothing is to be done gets a host when somebody opens it. Returns whether it is settled. */
export async function takeAndStart(context: MachineContext, session: HeldSession, reason: Reason): Promise<boolean> {
  const {report} = context
  const taken = await takeSession(context, session, reason)
  if (taken.kind === 'taken' && taken.isActive) await startHost(context, session.sessionId)
  if (taken.kind === 'empty') {
    const {sessionId, machine, needs} = session
    report({kind: 'stranded', sessionId, machine, needs, isEmpty: true})
  }
  return taken.kind === 'taken' || taken.kind === 'lost' || taken.kind === 'empty'
}

/** Whoever opens the session starts its host, too. */
async function startHost({hosts, report, signal}: MachineContext, sessionId: string): Promise<void> {
  try {
    await hosts.start(sessionId)
  } catch (error) {
    if (!signal.aborted) report({kind: 'session-failed', sessionId, error})
  }
}
