import {execFileSync} from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import type {NewEvent} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {openOrRepairLog, openSqliteLog, type Recovery} from '../src/index.ts'
import {complete, createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
let recoveries: Recovery[]
beforeEach(() => {
  folder = createLogFolder()
  recoveries = []
})
afterEach(() => folder[Symbol.dispose]())

/** Opens a log for writing, like a host. */
function open({file, sessionId}: {file: string; sessionId: string}) {
  return openOrRepairLog({file, sessionId, onRecovered: (recovery) => void recoveries.push(recovery)}).log
}

function textsOf(file: string, sessionId: string): string[] {
  const log = openSqliteLog({file, sessionId, readOnly: true})
  const events = log.read({limit: 10_000})
  expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
  log.close()
  return events.map(({type, payload}) => ('text' in payload ? `${type} ${String(payload.text)}` : type))
}

test('a damaged index costs no prompt: the log is repaired, and the running prompt goes on', () => {
  const prompts = Array.from({length: 2000}, (_, index) => `p${String(index).padStart(4, '0')}`)
  const ended: NewEvent[] = prompts.flatMap((id) => [queued(id), start(id), complete(id)])
  const written = folder.writeLog([info, ...ended, queued('running'), start('running'), queued('waiting')])
  const index = new DatabaseSync(written.file, {readOnly: true})
  const pages = index.prepare(`SELECT pageno FROM dbstat WHERE name = 'prompt_events' AND pagetype = 'leaf'`).all()
  index.close()
  const bytes = readFileSync(written.file)
  // Not the last ones, where the newest prompts are looked up when the log is opened.
  for (const {pageno} of pages.slice(0, 2)) bytes.fill(7, (Number(pageno) - 1) * 4096, Number(pageno) * 4096)
  writeFileSync(written.file, bytes)

  const log = open(written)
  const {latestSeq} = log
  for (const id of prompts) expect(log.readPrompt(id)).toHaveLength(3)
  expect(recoveries).toMatchObject([{kind: 'damaged', kept: latestSeq, lost: 0}])
  expect(log.state()).toMatchObject({running: {prompt_id: 'running'}, queue: [{prompt_id: 'waiting'}]})
  expect(log.read({afterSeq: latestSeq})).toMatchObject([
    {seq: latestSeq + 1, type: 'note', payload: {text: expect.stringContaining('0 are lost')}},
  ])
  expect(log.append([delta('running', 'more')])[0]?.seq).toBe(latestSeq + 2)
  log.close()
})

const saved = expect.stringMatching(/^note The log of this session was deleted, moved, replaced or truncated/)

const losses: [string, (file: string) => void][] = [
  ['deleted', (file) => rmSync(file)],
  ['deleted with its WAL', (file) => ['', '-wal', '-shm'].forEach((suffix) => rmSync(file + suffix))],
  ['deleted with its folder', () => rmSync(folder.path, {recursive: true})],
  ['truncated in its WAL', (file) => truncateSync(`${file}-wal`, 100)],
  ['moved', (file) => renameSync(file, `${folder.path}/elsewhere`)],
]

test.each(losses)('a log that is %s while it is open is written back before the next event', (_, lose) => {
  const {file, sessionId} = folder.writeLog([info])
  const log = open({file, sessionId})
  log.append([queued('a'), start('a')])
  lose(file)
  log.append([delta('a', 'after')])
  expect(textsOf(file, sessionId)).toEqual([
    'session.info',
    'prompt.queued echo a',
    'message.start echo a',
    saved,
    'message.delta after',
  ])
  expect(recoveries).toEqual([{kind: 'gone', found: undefined}])
  log.append([complete('a')])
  expect(recoveries).toHaveLength(1)
  log.close()
  expect(textsOf(file, sessionId)).toHaveLength(6)
})

test('a WAL that is deleted while it is open takes no event with it', () => {
  const {file, sessionId} = folder.writeLog([info])
  const log = open({file, sessionId})
  log.append([queued('a')])
  rmSync(`${file}-wal`)
  log.append([start('a')])
  expect(textsOf(file, sessionId)).toEqual(['session.info', 'prompt.queued echo a', saved, 'message.start echo a'])
  log.close()
})

const replacements: [string, (file: string) => void][] = [
  ['another log', (file) => linkSync(folder.writeLog([info]).file, file)],
  ['garbage', (file) => writeFileSync(file, 'garbage')],
  ['a FIFO', (file) => void execFileSync('mkfifo', [file])],
  ['a folder', (file) => mkdirSync(file)],
  ['a symbolic link', (file) => symlinkSync('/etc/passwd', file)],
]

test.each(replacements)('%s in the place of an open log is kept under another name', (_, replace) => {
  const {file, sessionId} = folder.writeLog([info])
  const log = open({file, sessionId})
  log.append([queued('a')])
  rmSync(file)
  replace(file)
  log.append([start('a')])
  const found = `${file}.damaged-1`
  expect(recoveries).toEqual([{kind: 'gone', found}])
  expect(readdirSync(folder.path)).toContain(`${sessionId}.db.damaged-1`)
  expect(textsOf(file, sessionId)).toEqual(['session.info', 'prompt.queued echo a', saved, 'message.start echo a'])
  log.close()
})

test('what a truncated log had, and no memory has, is lost: the log says so, and what follows can be read', () => {
  const output = Array.from({length: 100}, () => delta('a', 'x'.repeat(100_000)))
  const {file, sessionId} = folder.writeLog([info, queued('a'), start('a'), ...output])
  const log = open({file, sessionId})
  truncateSync(file)
  log.append([delta('a', 'after')])
  expect(recoveries).toMatchObject([{kind: 'damaged', kept: expect.any(Number), lost: expect.any(Number)}])
  expect(log.state()).toMatchObject({info: {title: 'one'}, running: {prompt_id: 'a'}})
  expect(textsOf(file, sessionId).slice(103)).toEqual([
    expect.stringMatching(/^note .* are lost/),
    'message.delta after',
  ])
  log.close()
})

test('an idle writer writes its log back, too', () => {
  const {file, sessionId} = folder.writeLog([info])
  const log = open({file, sessionId})
  rmSync(file)
  log.append([])
  expect(existsSync(file)).toBe(true)
  expect(textsOf(file, sessionId)).toEqual(['session.info', saved])
  log.close()
})
