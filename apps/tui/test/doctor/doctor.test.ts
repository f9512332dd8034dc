import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {createBreadcrumbs} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {describeCheckup} from '../../src/doctor/describe-checkup.ts'
import {describeCrashLog} from '../../src/doctor/describe-crash-log.ts'
import type {Environment} from '../../src/doctor/environment.ts'
import {findProblems} from '../../src/doctor/find-problems.ts'
import {inspectHome} from '../../src/doctor/inspect-home.ts'

const sound: Environment = {
  version: '1.0.0',
  node: '24.21.0',
  platform: 'linux x64',
  home: {
    path: '/home/ada/.local/state/holdfast',
    state: 'writable',
    freeBytes: 10 * 1024 ** 3,
    isOpenToOthers: false,
    socketPathBytes: 50,
    isOnNetwork: false,
  },
  codeCache: {folder: '/home/ada/.cache/holdfast'},
  shell: {login: '/bin/zsh', used: '/bin/bash'},
  hosts: [{session: 's1', pid: 72, startedAt: 0, socket: 'responsive', version: '0.9.0'}],
  sockets: [{session: 's2', state: 'closed'}],
  orphans: [],
  survivors: [],
  unreadable: [],
}
const home = (changes: Partial<Environment['home']>): Environment => ({...sound, home: {...sound.home, ...changes}})

test('a sound environment has no problems, with sockets of dead hosts, too', () => {
  expect(findProblems(sound)).toEqual([])
  expect(findProblems(home({state: 'missing'}))).toEqual([])
})

test.each<[problem: RegExp, environment: Environment]>([
  [/^Node 22\.1\.0 is too old$/, {...sound, node: '22.1.0'}],
  [
    /is not a folder$/,
    home({fault: {problem: '/home/ada is not a folder', action: 'remove it'}, state: 'not-a-folder'}),
  ],
  [/is not writable$/, home({state: 'not-writable'})],
  [/is on a network file system/, home({isOnNetwork: true})],
  [/is open to other users$/, home({isOpenToOthers: true})],
  [/^members of the group of \/home can replace \/home\/ada\//, home({openToGroup: '/home'})],
  [
    /^other users can change the programs that you run with Node: it is open$/,
    {...sound, nodeCacheFault: 'it is open'},
  ],
  [/has only 99\.5 MiB left$/, home({freeBytes: 99.5 * 1024 * 1024})],
  [/has room for only 99 more files \(inodes\)$/, home({freeFiles: 99})],
  [/^no supported shell was found$/, {...sound, shell: {login: undefined, used: undefined}}],
  [
    /^the host of session s1 \(pid 72\) does not respond$/,
    {...sound, hosts: [{session: 's1', pid: 72, startedAt: 0, socket: 'unresponsive'}]},
  ],
  [/has lost its socket$/, {...sound, hosts: [{session: 's1', pid: 72, startedAt: 0, socket: 'closed'}]}],
  [
    /^the host of session s1 \(pid 72\) speaks another protocol: it is too new$/,
    {...sound, hosts: [{session: 's1', pid: 72, startedAt: 0, socket: 'responsive', mismatch: 'it is too new'}]},
  ],
  [
    /^the socket of session s3 belongs to a process that is not a host/,
    {...sound, sockets: [{session: 's3', state: 'responsive'}]},
  ],
  [
    /^gateway 71 is an orphan: the process that started it has exited$/,
    {...sound, orphans: [{role: 'gateway', pid: 71, reason: 'parent-exited'}]},
  ],
  [
    /^the log of session s4 cannot be read: it is damaged$/,
    {...sound, unreadable: [{session: 's4', code: 'damaged', reason: 'it is damaged'}]},
  ],
])('reports %s, and what to do', (problem, environment) => {
  const problems = findProblems(environment)
  expect(problems).toEqual([
    {problem: expect.stringMatching(problem) as string, action: expect.stringMatching(/\S/) as string},
  ])
})

const gateway = {at: 0, role: 'gateway', pid: 71, isCertain: true, evidence: []} as const

test('lists each unexpected exit in a line, and the problems last', () => {
  const exits = [
    {...gateway, cause: 'external', detail: 'SIGKILL', summary: 'SIGKILL from outside ended it'},
    {
      at: 60_000,
      role: 'host',
      pid: 72,
      session: 's1',
      cause: 'unknown',
      detail: 'no-record',
      summary: 'it is not\nknown',
      isCertain: false,
      evidence: [],
    },
  ] as const
  const environment = home({isOpenToOthers: true})
  const checkup = {exits, skippedLines: 1, environment, problems: findProblems(environment)}
  expect(describeCheckup(checkup, 7_200_000).split('\n')).toEqual([
    'Exits in the last 7 days',
    '  2 h ago: gateway 71 · external · SIGKILL from outside ended it',
    '  1 h ago: host 72 of s1 · unknown? · it is not known',
    '  1 unreadable line in the crash log',
    'Environment',
    '  holdfast 1.0.0, Node 24.21.0, linux x64',
    '  home /home/ada/.local/state/holdfast (writable, 10.0 GiB free)',
    '  code cache /home/ada/.cache/holdfast',
    '  shell /bin/bash ($SHELL is /bin/zsh)',
    '  1 host, 1 socket without a host, no orphans',
    '  host 72 of s1, 0.9.0, started 2 h ago',
    'Problems',
    '  /home/ada/.local/state/holdfast is open to other users',
    '  → close it: `chmod 700 /home/ada/.local/state/holdfast`',
  ])
})

test('lists the last of very many exits, and counts the others', () => {
  const exits = Array.from({length: 40}, (_, pid) => ({
    ...gateway,
    pid,
    cause: 'crashed' as const,
    detail: 'exit-1',
    summary: 'it exited with 1',
  }))
  const lines = describeCheckup({exits, skippedLines: 0, environment: sound, problems: []}, 0).split('\n')
  expect(lines[1]).toBe('  … 10 earlier: `holdfast doctor --json` lists them')
  expect(lines[2]).toContain('gateway 10 ')
  expect(lines.at(-1)).toBe('  none')
})

test('counts requested exits', () => {
  const exits = [
    {...gateway, cause: 'out-of-memory', detail: 'heap-exhausted', summary: 'its heap was exhausted'} as const,
    ...Array.from({length: 40}, () => ({...gateway, cause: 'requested', detail: 'quit', summary: ''}) as const),
  ]
  const lines = describeCheckup({exits, skippedLines: 0, environment: sound, problems: []}, 7_200_000).split('\n')
  expect(lines.slice(0, 4)).toEqual([
    'Exits in the last 7 days',
    '  2 h ago: gateway 71 · out-of-memory · its heap was exhausted',
    '  40 requested: `holdfast doctor --json` lists them',
    'Environment',
  ])
})

test('the crash log is shown as text, without its control characters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  const {crashLog} = homePaths(folder)
  expect(describeCrashLog(folder)).toEqual(['The crash log is empty.'])
  const breadcrumbs = createBreadcrumbs({file: crashLog, role: 'tui', now: () => Date.UTC(2026, 2, 1, 12)})
  breadcrumbs.record('start')
  breadcrumbs.with({session: 's1'}).record('stop', {child: 'host', code: 1, reason: 'it is\u001b[2J late'})
  expect(describeCrashLog(folder)).toEqual([
    `2026-03-01 12:00:00 tui ${process.pid} · start`,
    `2026-03-01 12:00:00 tui ${process.pid} of s1 · stop · child=host code=1 reason="it is late"`,
    `The end of ${crashLog}`,
  ])
  rmSync(folder, {recursive: true})
})

test('to set a log aside is to set all its files aside: without its WAL it would be an older one', () => {
  const unreadable = [{session: 's4', code: 'failed', reason: 'it is broken'}] as const
  const [{action} = {action: ''}] = findProblems({...sound, unreadable})
  for (const suffix of ['', '-wal', '-shm']) expect(action).toContain(`/sessions/s4.db${suffix} `)
})

test('a file system that has no blocks, as /proc, is not a full disk', () => {
  const {freeBytes, freeFiles} = inspectHome('/proc/nope')
  expect([freeBytes, freeFiles]).toEqual([undefined, undefined])
})
