/**
 * One measurement: how fast output gets into a log, in chunks of a terminal's size. Argument: `host` for a session, which
 * collects, bounds, numbers and encodes it; `raw` for a row for each chunk, in transactions of 64 KiB. Prints MB/s.
 */
import {mkdtempSync, rmSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {openSqliteLog} from '@holdfast/event-log'
import {createSession, type Agent} from '@holdfast/host'
import {createSessionId} from '@holdfast/protocol'

const totalBytes = 200e6
const chunkBytes = 4095
const chunksPerTransaction = 16
const line = Buffer.from('drwxr-xr-x  2 user user  4096 Nov  3 12:00 some-folder-with-a-name\r\n')
const chunk = Buffer.alloc(chunkBytes, line)
const chunks = Math.ceil(totalBytes / chunkBytes)

const floodingAgent: Agent = {
  async prompt(_text, {onStart, onOutput}) {
    onStart()
    for (let count = 0; count < chunks; count++) onOutput(chunk)
    return {status: 'complete', exitCode: 0}
  },
  input: () => false,
  interrupt() {},
  resize() {},
  pause() {},
  resume() {},
  async close() {},
}

const folder = mkdtempSync('/tmp/hf-append-')
try {
  const startedAt = performance.now()
  if (process.argv[2] === 'host') await appendByHost(`${folder}/log.db`)
  else appendRaw(`${folder}/raw.db`)
  console.log((chunks * chunkBytes) / 1e3 / (performance.now() - startedAt))
} finally {
  rmSync(folder, {recursive: true})
}

async function appendByHost(file: string): Promise<void> {
  const sessionId = createSessionId()
  const log = openSqliteLog({file, sessionId, create: true})
  log.append([{type: 'session.info', payload: {title: '', agent: 'bench', cwd: '/tmp', created_at: 0}}])
  const ended = Promise.withResolvers<void>()
  const session = createSession({
    log,
    agent: floodingAgent,
    onAppend() {
      if (log.state()?.running === null && log.state()?.queue.length === 0) ended.resolve()
    },
    onFault: ended.reject,
  })
  session.submit({promptId: 'flood', text: 'flood', maxOutputBytes: null})
  await ended.promise
  log.close()
}

function appendRaw(file: string): void {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec('CREATE TABLE output (seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT')
  const insert = database.prepare('INSERT INTO output (text) VALUES (?)')
  for (let count = 0; count < chunks; count += chunksPerTransaction) {
    database.exec('BEGIN')
    for (let row = 0; row < chunksPerTransaction; row++) insert.run(chunk.toString())
    database.exec('COMMIT')
  }
  database.close()
}
