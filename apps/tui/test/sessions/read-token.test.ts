import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {openHomeToken} from '../../src/sessions/home-token.ts'
import {readToken} from '../../src/sessions/read-token.ts'

const token = 'a-token-of-this-test'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return folder
}

function makeFifo(path: string): string {
  execFileSync('mkfifo', ['-m', '600', path])
  return path
}

test('a FIFO in the place of the token of a home is refused, with its kind', async () => {
  const home = makeFolder()
  const fifo = makeFifo(join(home, 'token'))
  await expect(openHomeToken(home)).rejects.toMatchObject({
    exitCode: 2,
    message: `the token file ${fifo} cannot be read: expected a regular file, got a named pipe`,
  })
})

test('a folder, a device, a socket and a long file are refused as a token file', async () => {
  const folder = makeFolder()
  const reasonFor = async (file: string) =>
    await readToken(file, {canBePipe: true}).catch(({message}: Error) =>
      message.replace(`the token file ${file} cannot be read: `, ''),
    )
  expect(await reasonFor(folder)).toBe('expected a regular file or a pipe, got a folder')
  expect(await reasonFor('/dev/null')).toBe('expected a regular file or a pipe, got a device')
  const socket = join(folder, 'socket')
  const server = createServer().listen(socket)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  expect(await reasonFor(socket)).toMatch(/^expected a regular file or a pipe, got a socket/)
  const long = join(folder, 'long')
  writeFileSync(long, 'x'.repeat(4097), {mode: 0o600})
  expect(await reasonFor(long)).toBe('expected at most 4096 bytes, got more')
})

test('a token comes from a FIFO in parts, from a writer that opens it later', async () => {
  const fifo = makeFifo(join(makeFolder(), 'fifo'))
  const read = readToken(fifo, {canBePipe: true})
  const writer = spawn('bash', ['-c', '{ printf a-token; sleep 0.1; echo -of-this-test; } > "$0"', fifo])
  const closed = once(writer, 'close')
  expect(await read).toBe(token)
  await closed
})
