/**
 * `node committing-relay.ts COMMAND…` prints what the command writes to a PTY, with what a session cannot do without and nothing else:
 * the PTY belongs to a second process, which commits what it reads to SQLite before it sends it through a socket, as JSON.
 */
import {spawn as spawnProcess} from 'node:child_process'
import {mkdtempSync, readSync, rmSync} from 'node:fs'
import {connect, createServer} from 'node:net'
import {DatabaseSync} from 'node:sqlite'

import {spawn} from '@lydell/node-pty'

const [longestReadBytes, eventBytes] = [4096, 65_536]
const folderOfHost = process.env['COMMITTING_RELAY_FOLDER']

if (folderOfHost === undefined) print()
else runHost(folderOfHost)

function print(): void {
  const folder = mkdtempSync('/tmp/hf-relay-')
  const server = createServer((socket) => {
    let parts: Buffer[] = []
    socket.on('data', (data) => {
      let from = 0
      for (let end = data.indexOf('\n'); end !== -1; end = data.indexOf('\n', from)) {
        const line = Buffer.concat([...parts, data.subarray(from, end)]).toString()
        process.stdout.write((JSON.parse(line) as {text: string}).text)
        parts = []
        from = end + 1
      }
      parts.push(data.subarray(from))
    })
    socket.on('close', () => {
      server.close()
      rmSync(folder, {recursive: true})
    })
  })
  server.listen(`${folder}/socket`, () => {
    const env = {...process.env, COMMITTING_RELAY_FOLDER: folder}
    spawnProcess(process.execPath, process.argv.slice(1), {env, stdio: ['ignore', 'inherit', 'inherit']})
  })
}

function runHost(folder: string): void {
  const database = new DatabaseSync(`${folder}/log.db`)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec('CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT NOT NULL) STRICT')
  const insert = database.prepare('INSERT INTO events (payload) VALUES (?)')
  const socket = connect(`${folder}/socket`)
  const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})
  const buffer = Buffer.allocUnsafeSlow(eventBytes + longestReadBytes)

  const commit = (bytes: Uint8Array) => {
    const payload = JSON.stringify({text: decoder.decode(bytes, {stream: true})})
    insert.run(payload)
    socket.write(`${payload}\n`)
  }

  const [command = '', ...args] = process.argv.slice(2)
  const pty = spawn(command, args, {cols: 80, rows: 24, encoding: null})
  const {fd} = pty as unknown as {fd: number}
  // With `encoding: null` the data are bytes, whatever the types say.
  pty.onData((data) => {
    let length = (data as unknown as Buffer).copy(buffer)
    while (length < eventBytes) {
      const bytes = readSome(fd, buffer.subarray(length))
      if (bytes === 0) break
      length += bytes
    }
    commit(buffer.subarray(0, length))
  })
  pty.onExit(() => socket.end())
}

/** 0 if the PTY is empty, or at its end. */
function readSome(fd: number, buffer: Uint8Array): number {
  try {
    return readSync(fd, buffer)
  } catch {
    return 0
  }
}
