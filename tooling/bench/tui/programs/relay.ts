import {spawn as spawnProcess} from 'node:child_process'

import {spawn} from '@lydell/node-pty'

/**
 * `node relay.ts COUNT COMMAND…`: COUNT processes of Node in a row, and the command on a PTY of the last one. They pass on bytes,
 * and do nothing else.
 */
const [count, command = '', ...args] = process.argv.slice(2)
const endWhenWritten = () => process.stdout.write('', () => process.exit())

if (process.stdin.isTTY) process.stdin.setRawMode(true)
if (count === '1') {
  const pty = spawn(command, args, {cols: 80, rows: 24, encoding: null})
  // With `encoding: null` the data are bytes, whatever the types say.
  pty.onData((data) => process.stdout.write(data))
  pty.onExit(endWhenWritten)
  process.stdin.on('data', (keys) => pty.write(keys as unknown as string))
} else {
  const rest = [import.meta.filename, String(Number(count) - 1), command, ...args]
  const next = spawnProcess(process.execPath, rest, {stdio: ['pipe', 'pipe', 'inherit']})
  next.on('close', endWhenWritten)
  process.stdin.pipe(next.stdin)
  next.stdout.pipe(process.stdout)
}
