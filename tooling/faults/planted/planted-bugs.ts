import {agentBugs} from './agent-bugs.ts'
import {fleetBugs} from './fleet-bugs.ts'
import type {PlantedBug} from './planted-bug.ts'

const session = 'packages/host/src/session/create-session.ts'
const runPrompt = 'packages/host/src/session/run-prompt.ts'
const promptQueue = 'packages/host/src/session/prompt-queue.ts'
const queued = /× `prompt\.queued` of prompt-\d+, found 0/
const effect = /× effect of prompt-\d+, found/
const sqliteLog = 'packages/event-log/src/sqlite/sqlite-log.ts'

/** The bugs that the harness must find: some that other programs had, some that our design is meant to prevent. */
export const plantedBugs: readonly PlantedBug[] = [
  ...agentBugs,
  ...fleetBugs,
  {
    name: 'a prompt is acknowledged before it is committed',
    violation: queued,
    changes: [
      {
        file: promptQueue,
        find: 'appendAndStart(queued, [prompt])',
        replace: 'setTimeout(() => appendAndStart(queued, [prompt]), 20)',
      },
    ],
  },
  {
    name: 'a prompt starts before its start is committed',
    violation: effect,
    changes: [
      {
        file: promptQueue,
        find: 'append([event, ...(next?.events ?? [])], true)\n    next?.begin()',
        replace:
          'append([event], true)\n next?.begin()\n if (next !== undefined) setTimeout(() => append(next.events, true), 30)',
      },
    ],
  },
  {
    name: 'clients receive events before they are committed',
    violation: /Expected client-\S+ to receive/,
    changes: [
      {
        file: sqliteLog,
        find: 'commitOrRefuse(() => {',
        replace: `const commit = () => void (database.isTransaction && database.exec('COMMIT'))
          ;((change: () => void) => {
            if (!database.isTransaction) database.exec('BEGIN IMMEDIATE')
            change()
            // Others wait for the creation of the session.
            if (latestSeq < 3) commit()
            else setTimeout(() => database.isOpen && commit(), 50)
          })(() => {`,
      },
      {
        file: sqliteLog,
        find: "database.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')",
        replace: 'void durable',
      },
    ],
  },
  {
    name: '>= for >: a resume repeats the last event',
    violation: /Expected client-\S+ to receive/,
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
      {
        file: 'packages/client/src/session-feed.ts',
        find: 'if (event.seq <= lastSeq) return',
        replace: 'if (event.seq < lastSeq) return',
      },
    ],
  },
  {
    name: 'a repeated prompt has a new id',
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
    name: 'a prompt that is submitted again is queued again',
    violation: /× `prompt\.queued` of prompt-\d+, found [2-9]|× effect of prompt-\d+, found [2-9]/,
    changes: [{file: promptQueue, find: 'if (known !== undefined) return known', replace: 'void known'}],
  },
  {
    name: 'a prompt that a crash interrupted runs again',
    violation: /× effect of prompt-\d+, found 2/,
    changes: [
      {
        file: session,
        find: "finish(leftOver.prompt_id, {status: 'interrupted', reason: endOfLeftOver, ...lost}, undefined)",
        replace: 'nextStart([leftOver]).begin()',
      },
    ],
  },
  {
    name: 'the end of a prompt does not wait for the last of its output',
    violation: /Expected the output of prompt-\d+ to be/,
    changes: [{file: runPrompt, find: 'output.flush()', replace: 'setTimeout(output.flush, 50)'}],
  },
  {
    name: 'two hosts hold one session',
    violation: /Expected no process to be left, found host|Expected 0 to 1 × |UNIQUE constraint failed|Expected seq/,
    changes: [
      {file: 'packages/event-log/src/lease.ts', find: 'BEGIN EXCLUSIVE`', replace: 'BEGIN`'},
      {file: sqliteLog, find: 'if (currentEpoch() !== epoch) throw replaced(sessionId)', replace: 'void epoch'},
      {file: sqliteLog, find: 'WHERE epoch = ? AND last_seq = ?', replace: 'WHERE ? >= 0 AND ? >= 0'},
    ],
  },
  {
    name: 'a host closes its session when it shuts down',
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
    name: 'an update of a prompt is acknowledged and not made',
    violation: /Expected prompt-\d+ to run with text 2, found 1/,
    changes: [
      {
        file: promptQueue,
        find: "append([{type: 'prompt.updated', payload: {prompt_id: promptId, text, by}}], true)",
        replace: 'void text',
      },
    ],
  },
  {
    name: 'a promoted prompt stays where it was',
    violation: /Expected prompt-\d+, which was promoted, to start before prompt-\d+/,
    changes: [
      {
        file: promptQueue,
        find: 'appendAndStart(moved, [{...waiting, held: false}])',
        replace: 'void moved',
      },
    ],
  },
  {
    name: 'a withdrawn prompt runs after a crash',
    violation: /× effect of prompt-\d+, which was withdrawn/,
    changes: [
      {
        file: promptQueue,
        find: "append([completeEvent(promptId, {status: 'cancelled', reason: 'withdrawn', by}, undefined)], true)",
        replace:
          "setTimeout(() => append([completeEvent(promptId, {status: 'cancelled', reason: 'withdrawn', by}, undefined)], true), 400)",
      },
    ],
  },
  {
    name: 'a draft is saved in memory only',
    violation: /Expected the draft to be the last of/,
    changes: [
      {
        file: session,
        find: "if (currentState().draft !== text) append([{type: 'draft.updated', payload: {text, by}}], true)",
        replace:
          "if (currentState().draft !== text) setTimeout(() => append([{type: 'draft.updated', payload: {text, by}}], true), 500)",
      },
    ],
  },
  {
    name: 'events are not verified',
    violation: /Expected event \d+ to be as before or lost/,
    inDamage: true,
    changes: [
      {
        file: 'packages/event-log/src/sqlite/event-rows.ts',
        find: "if (isChecked && eventChecksum(seq, at, type, payload) !== row['checksum']) throw malformed(seq)",
        replace: 'void isChecked',
      },
    ],
  },
  {
    name: 'a log is migrated before its copy is made',
    violation: /Expected a copy of the log of format \d with its \d+ events, found/,
    changes: [
      {
        file: 'packages/event-log/src/sqlite/open-log-file.ts',
        find: 'keepCopy(database, `${file}.format-${kind.format}`)\n  migrateTables(database, kind.format, sessionId)',
        replace:
          'migrateTables(database, kind.format, sessionId)\n  keepCopy(database, `${file}.format-${kind.format}`)',
      },
    ],
  },
  {
    name: 'a resize is accepted and not passed on',
    violation: /Expected a command to find the terminal size/,
    changes: [{file: session, find: 'resize: attachments.resize,', replace: 'resize: (size) => void size,'}],
  },
  {
    name: 'a Ctrl-C that a starting program misses is not repeated',
    violation: /it runs on/,
    inRace: {race: 'Ctrl-C while a slow program starts', shell: 'unknown'},
    changes: [
      {
        file: 'packages/shell/src/interrupt/interrupter.ts',
        find: 'checking = setTimeout(() => checkEffect(check), CHECK_MS)',
        replace: 'void checkEffect\n void check',
      },
      {
        file: 'packages/shell/src/open/open-sentinel-shell.ts',
        find: 'if (!isBusy) interrupter.interrupt()',
        replace: 'interrupter.interrupt()',
      },
    ],
  },
  {
    name: 'what a job prints while the prompt is drawn is dropped',
    violation: /output of a background job/,
    inRace: {race: 'output of a background job between commands', shell: 'unknown'},
    changes: [
      {
        file: 'packages/shell/src/open/open-sentinel-shell.ts',
        find: 'if (drawn.length > 0) onOutput?.(drawn)',
        replace: 'void drawn',
      },
    ],
  },
  {
    name: 'the beginning of a marker is not shown before more output comes',
    violation: /not shown/,
    inRace: {race: 'the beginning of a marker at the end of output', shell: 'bash'},
    changes: [
      {
        file: 'packages/shell/src/open/withheld-watch.ts',
        find: 'isPaused() ? note() : release()',
        replace: 'isPaused() ? note() : void release',
      },
    ],
  },
  {
    name: 'a secret is sent to whatever reads',
    violation: /the secret is in the log/,
    inRace: {race: '`send --secret` at once', shell: 'bash'},
    changes: [
      {
        file: 'packages/shell/src/activity/input-obstacle.ts',
        find: '  hidden: judgeHiddenReader,',
        replace: '  hidden: () => undefined,',
      },
    ],
  },
]
