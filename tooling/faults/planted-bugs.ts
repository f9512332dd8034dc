/** A mistake that could be made, as changes of the sources: what is found there, and what is put in its place. */
export interface PlantedBug {
  name: string
  changes: readonly {file: string; find: string; replace: string}[]
}

const session = 'packages/host/src/session.ts'
const sqliteLog = 'packages/event-log/src/sqlite-log.ts'

/** What the harness must find. Each is a fault that somebody else's program had, or that ours is built against. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a prompt is acknowledged before it is committed',
    changes: [
      {
        file: session,
        find: 'append([queued, ...(next?.events ?? [])], true)\n      next?.begin()',
        replace: 'setTimeout(() => {\n append([queued, ...(next?.events ?? [])], true)\n next?.begin()\n }, 20)',
      },
    ],
  },
  {
    name: 'a prompt begins before it is committed that it does',
    changes: [
      {
        file: session,
        find: 'append([queued, ...(next?.events ?? [])], true)\n      next?.begin()',
        replace:
          'append([queued], true)\n next?.begin()\n if (next !== undefined) setTimeout(() => append(next.events, true), 30)',
      },
    ],
  },
  {
    name: 'events are shown before they are committed',
    changes: [
      {
        file: sqliteLog,
        find: 'inTransaction(database, () => {\n        requirePen()',
        replace: `const commit = () => void (database.isTransaction && database.exec('COMMIT'))
          ;((change: () => void) => {
            if (!database.isTransaction) database.exec('BEGIN IMMEDIATE')
            change()
            // The making of the session is waited for by others.
            if (latestSeq < 3) commit()
            else setTimeout(() => database.isOpen && commit(), 50)
          })(() => {
            requirePen()`,
      },
      {
        file: sqliteLog,
        find: "database.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')",
        replace: 'void durable',
      },
    ],
  },
  {
    name: '>= for >: the last event comes again after a resume',
    changes: [
      {
        file: 'packages/host/src/session-server.ts',
        find: 'createWatcher(log, peer, afterSeq)',
        replace: 'createWatcher(log, peer, Math.max(0, afterSeq - 1))',
      },
      {
        file: 'packages/gateway/src/client-view.ts',
        find: 'event.seq !== shownSeq + 1',
        replace: 'event.seq < shownSeq',
      },
      {file: 'packages/client/src/session-feed.ts', find: 'event.seq <= lastSeq', replace: 'event.seq < lastSeq'},
    ],
  },
  {
    name: 'a prompt is sent again with a new id',
    changes: [
      {
        file: 'packages/client/src/create-client.ts',
        find: 'await connection.closed\n      }',
        replace:
          "await connection.closed\n if ('prompt_id' in params) params = {...params, prompt_id: crypto.randomUUID()}\n }",
      },
    ],
  },
  {
    name: 'a prompt that was interrupted by a crash is run again',
    changes: [
      {
        file: session,
        find: "finish(leftOver.prompt_id, {status: 'interrupted', reason: 'host-died'}, undefined)",
        replace: 'running = run(leftOver).catch(onFault)',
      },
    ],
  },
  {
    name: 'the end of a prompt does not wait for the last of its output',
    changes: [{file: session, find: 'output.flush()', replace: 'setTimeout(output.flush, 50)'}],
  },
  {
    name: 'two hosts hold one session',
    changes: [
      {file: 'packages/event-log/src/lease.ts', find: 'BEGIN EXCLUSIVE`', replace: 'BEGIN`'},
      {file: sqliteLog, find: 'if (currentEpoch() === epoch) return', replace: 'if (epoch >= 0) return'},
    ],
  },
  {
    name: 'a host that is told to end closes its session',
    changes: [
      {
        file: 'packages/host/src/run-host.ts',
        find: "await opened?.session.suspend('host-ended')",
        replace: "await opened?.session.close('host-ended')",
      },
    ],
  },
  {
    name: 'a gateway outlives its client',
    changes: [
      {
        file: 'packages/gateway/src/run-gateway.ts',
        find: "ending.end({kind: 'asked', by: 'parent', why: message})",
        replace: 'void message\n setInterval(() => {}, 1000)',
      },
    ],
  },
]
