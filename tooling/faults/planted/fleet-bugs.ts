import type {PlantedBug} from './planted-bug.ts'

/** The bugs that runs of a fleet must find. */
export const fleetBugs: readonly PlantedBug[] = [
  {
    name: 'a machine of a fleet accepts a prompt before the cluster has it',
    violation: /× `prompt\.queued` of prompt-\d+, found 0/,
    inFleet: true,
    changes: [
      {
        file: 'packages/host/src/server/answer-when-replicated.ts',
        find: 'else await until.reached(latestSeq(), {signal})',
        replace: 'else void until.reached(latestSeq(), {signal})?.catch(() => {})',
      },
    ],
  },
  {
    name: 'clients of a fleet are shown events before the cluster has them',
    violation: /Expected client-\S+ to receive/,
    inFleet: true,
    changes: [
      {
        file: 'packages/event-log/src/shown-log.ts',
        find: 'const latestSeq = () => Math.min(seq(), log.latestSeq)',
        replace: 'const latestSeq = () => Math.max(seq(), log.latestSeq)',
      },
    ],
  },
  {
    name: 'a prompt of a fleet begins before the cluster has its start',
    violation: /× effect of prompt-\d+, found/,
    inFleet: true,
    changes: [
      {
        file: 'packages/host/src/session/create-session.ts',
        find: 'mayBegin: (seq) => replication?.reached(seq),',
        replace: 'mayBegin: () => undefined,',
      },
    ],
  },
]
