/** A mistake that could be made, as changes of the sources: what is found there, and what is put in its place. */
export interface PlantedBug {
  name: string
  /** What must be reported: the sign that is meant for it. */
  violation: RegExp
  changes: readonly {file: string; find: string; replace: string}[]
}

const session = 'packages/host/src/session/session.ts'
const promptQueue = 'packages/host/src/session/prompt-queue.ts'
const queued = /× `prompt\.queued` of prompt-\d+, found 0/
const effect = /× effect of prompt-\d+, found/
const sqliteLog = 'packages/event-log/src/sqlite/sqlite-log.ts'

/** What the harness must find. Each is a fault that somebody else's program had, or that ours is built against. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a prompt is acknowledged before it is committed',
    violation: queued,
    changes: [
      {
        file: promptQueue,
        find: 'append([queued, ...(next?.events ?? [])], true)\n      next?.begin()',
        replace: 'setTimeout(() => {\n append([queued, ...(next?.events ?? [])], true)\n next?.begin()\n }, 20)',
      },
    ],
  },
  {
    name: 'a prompt begins before it is committed that it does',
    violation: effect,
    changes: [
      {
        file: promptQueue,
        find: 'append([queued, ...(next?.events ?? [])], true)\n      next?.begin()',
        replace:
          'append([queued], true)\n next?.begin()\n if (next !== undefined) setTimeout(() => append(next.events, true), 30)',
      },
    ],
  },
  {
    name: 'events are shown before they are committed',
    violation: /Expected client-\S+ to be shown/,
    changes: [
      {
        file: sqliteLog,
        find: 'inTransaction(database, () => {\n        requireCurrentWriter()',
        replace: `const commit = () => void (database.isTransaction && database.exec('COMMIT'))
          ;((change: () => void) => {
            if (!database.isTransaction) database.exec('BEGIN IMMEDIATE')
            change()
            // The making of the session is waited for by others.
            if (latestSeq < 3) commit()
            else setTimeout(() => database.isOpen && commit(), 50)
          })(() => {
            requireCurrentWriter()`,
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
    violation: /Expected client-\S+ to be shown/,
    changes: [
      {
        file: 'packages/host/src/server/session-server.ts',
        find: 'createWatcher(log, peer, afterSeq)',
        replace: 'createWatcher(log, peer, Math.max(0, afterSeq - 1))',
      },
      {
        file: 'packages/gateway/src/session-link/client-view.ts',
        find: 'event.seq !== shownSeq + 1',
        replace: 'event.seq < shownSeq',
      },
      {file: 'packages/client/src/session-feed.ts', find: 'event.seq <= lastSeq', replace: 'event.seq < lastSeq'},
    ],
  },
  {
    name: 'a prompt is sent again with a new id',
    violation: /× effect of prompt-\d+, found 2/,
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
    violation: /× effect of prompt-\d+, found 2/,
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
    violation: /Expected the output of prompt-\d+ to be/,
    changes: [{file: session, find: 'output.flush()', replace: 'setTimeout(output.flush, 50)'}],
  },
  {
    name: 'two hosts hold one session',
    violation: /Expected no process to be left, found host|Expected 0 to 1 × |UNIQUE constraint failed|Expected seq/,
    changes: [
      {file: 'packages/event-log/src/lease.ts', find: 'BEGIN EXCLUSIVE`', replace: 'BEGIN`'},
      {file: sqliteLog, find: 'if (currentEpoch() === epoch) return', replace: 'if (epoch >= 0) return'},
    ],
  },
  {
    name: 'a host that is told to end closes its session',
    violation: /Session \w+ is closed|has ended \(|Expected the acceptance of all prompts/,
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
    violation: /Expected no process to be left, found gateway|Expected the end of all processes/,
    changes: [
      {
        file: 'packages/gateway/src/run-gateway.ts',
        find: "shutdown.begin({kind: 'requested', by: 'parent', reason: message})",
        replace: 'void message\n setInterval(() => {}, 1000)',
      },
    ],
  },
  {
    name: 'a change of a text is acknowledged and not made',
    violation: /Expected prompt-\d+ to run with text 2, found 1/,
    changes: [
      {
        file: promptQueue,
        find: "append([{type: 'prompt.updated', payload: {prompt_id: promptId, text}}], true)",
        replace: 'void text',
      },
    ],
  },
  {
    name: 'a prompt that was moved to the front stays where it was',
    violation: /Expected prompt-\d+, which was moved to the front, to begin before prompt-\d+/,
    changes: [
      {
        file: promptQueue,
        find: "append([{type: 'prompt.updated', payload: {prompt_id: promptId, position: 0}}], true)",
        replace: 'void promptId',
      },
    ],
  },
  {
    name: 'a withdrawn prompt runs when a crash came after',
    violation: /× effect of prompt-\d+, which was withdrawn/,
    changes: [
      {
        file: promptQueue,
        find: "append([completeEvent(promptId, {status: 'cancelled', reason: 'withdrawn'}, undefined)], true)",
        replace:
          "setTimeout(() => append([completeEvent(promptId, {status: 'cancelled', reason: 'withdrawn'}, undefined)], true), 400)",
      },
    ],
  },
  {
    name: 'a draft is kept in memory only',
    violation: /Expected the draft to be the last of/,
    changes: [
      {
        file: session,
        find: "if (draft !== text) append([{type: 'draft.updated', payload: {text}}], true)",
        replace: "if (draft !== text) setTimeout(() => append([{type: 'draft.updated', payload: {text}}], true), 500)",
      },
    ],
  },
  {
    name: 'a log is migrated before its copy is made',
    violation: /Expected a copy of the log of format \d with its \d+ events, found/,
    changes: [
      {
        file: 'packages/event-log/src/sqlite/open-log-file.ts',
        find: 'keepCopy(database, copyBeforeMigration(file, kind.format))\n  migrateTables(database, kind.format, sessionId)',
        replace:
          'migrateTables(database, kind.format, sessionId)\n  keepCopy(database, copyBeforeMigration(file, kind.format))',
      },
    ],
  },
  {
    name: 'a size is taken and not passed on',
    violation: /Expected a command to find a screen of/,
    changes: [
      {file: session, find: 'resize: (size) => attachments.resize(size),', replace: 'resize: (size) => void size,'},
    ],
  },
]
