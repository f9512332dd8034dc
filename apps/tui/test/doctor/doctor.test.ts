import {expect, test} from 'vitest'

import {describeCheckup} from '../../src/doctor/describe-checkup.ts'
import type {Environment} from '../../src/doctor/environment.ts'
import {findProblems} from '../../src/doctor/find-problems.ts'

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
  shell: {login: '/bin/zsh', used: '/bin/bash'},
  hosts: [{session: 's1', pid: 72, since: 0, socket: 'answers', version: '0.9.0'}],
  sockets: [{session: 's2', state: 'nobody'}],
  strays: [],
  unreadable: [],
}
const home = (changes: Partial<Environment['home']>): Environment => ({...sound, home: {...sound.home, ...changes}})

test('a sound environment has no problems, whatever dead hosts left behind', () => {
  expect(findProblems(sound)).toEqual([])
  expect(findProblems(home({state: 'missing'}))).toEqual([])
})

test.each<[what: RegExp, environment: Environment]>([
  [/^Node 22\.1\.0 is too old$/, {...sound, node: '22.1.0'}],
  [/is not a folder$/, home({state: 'not-a-folder'})],
  [/cannot be written$/, home({state: 'not-writable'})],
  [/too long a path for sockets: 104 bytes/, home({socketPathBytes: 104})],
  [/is on a network file system/, home({isOnNetwork: true})],
  [/is open to other users$/, home({isOpenToOthers: true})],
  [/^only 99 MiB are free/, home({freeBytes: 99.5 * 1024 * 1024})],
  [/^no shell is found/, {...sound, shell: {login: undefined, used: undefined}}],
  [
    /^the host of session s1 \(pid 72\) does not answer$/,
    {...sound, hosts: [{session: 's1', pid: 72, since: 0, socket: 'deaf'}]},
  ],
  [/cannot be reached$/, {...sound, hosts: [{session: 's1', pid: 72, since: 0, socket: 'nobody'}]}],
  [
    /^the host of session s1 \(pid 72\) cannot be talked to: it is too new$/,
    {...sound, hosts: [{session: 's1', pid: 72, since: 0, socket: 'answers', mismatch: 'it is too new'}]},
  ],
  [/^somebody listens for session s3/, {...sound, sockets: [{session: 's3', state: 'answers'}]}],
  [
    /^gateway 71 is left over: who started it is gone$/,
    {...sound, strays: [{who: 'gateway', pid: 71, why: 'parent-gone'}]},
  ],
  [/^session s4 cannot be read: it is damaged$/, {...sound, unreadable: [{session: 's4', why: 'it is damaged'}]}],
])('says that %s, and what to do', (what, environment) => {
  const problems = findProblems(environment)
  expect(problems).toEqual([{what: expect.stringMatching(what) as string, todo: expect.stringMatching(/\S/) as string}])
})

test('a person is told each death in a line, and what is wrong last', () => {
  const deaths = [
    {
      at: 0,
      who: 'gateway',
      pid: 71,
      verdict: 'signal',
      why: 'SIGKILL',
      says: 'SIGKILL came from outside',
      certainty: 'shown',
      evidence: [],
    },
    {
      at: 60_000,
      who: 'host',
      pid: 72,
      session: 's1',
      verdict: 'unknown',
      why: 'no-record',
      says: 'it is not\nknown',
      certainty: 'suggested',
      evidence: [],
    },
  ] as const
  const environment = home({isOpenToOthers: true})
  const text = describeCheckup({deaths, environment, problems: findProblems(environment)}, 7_200_000)
  expect(text.split('\n')).toEqual([
    'Deaths of the last 7 days',
    '  2 h ago: gateway 71 · signal · SIGKILL came from outside',
    '  1 h ago: host 72 of s1 · unknown? · it is not known',
    'Environment',
    '  holdfast 1.0.0, Node 24.21.0, linux x64',
    '  home /home/ada/.local/state/holdfast (writable, 10.0 GiB free)',
    '  shell /bin/bash ($SHELL is /bin/zsh)',
    '  1 host, 1 socket without one, no strays',
    '  host 72 of s1, 0.9.0, started 2 h ago',
    'Wrong here',
    '  /home/ada/.local/state/holdfast is open to other users',
    '  → close it: `chmod 700 /home/ada/.local/state/holdfast`',
  ])
})

test('of very many deaths the last are told, and how many more there are', () => {
  const deaths = Array.from({length: 40}, (_, at) => ({
    at,
    who: 'gateway',
    pid: at,
    verdict: 'own-error' as const,
    why: 'exit-1',
    says: 'it exited with 1',
    certainty: 'shown' as const,
    evidence: [],
  }))
  const lines = describeCheckup({deaths, environment: sound, problems: []}, 0).split('\n')
  expect(lines[1]).toBe('  … 10 earlier ones: `holdfast doctor --json`')
  expect(lines[2]).toContain('gateway 10 ')
  expect(lines.at(-1)).toBe('  nothing')
})

test('deaths that the user wished for are counted, and hide no other', () => {
  const death = {at: 0, pid: 71, certainty: 'shown', evidence: []} as const
  const closed = {...death, who: 'host', verdict: 'user', why: 'session-closed', says: 'closed'} as const
  const deaths = [
    {...death, who: 'gateway', verdict: 'memory', why: 'heap-exhausted', says: 'it ran out of memory'} as const,
    {...death, who: 'gateway', verdict: 'parent', why: 'tui-ended', says: 'gone with its TUI'} as const,
    ...Array.from({length: 40}, () => closed),
  ]
  const lines = describeCheckup({deaths, environment: sound, problems: []}, 7_200_000).split('\n')
  expect(lines.slice(0, 4)).toEqual([
    'Deaths of the last 7 days',
    '  2 h ago: gateway 71 · memory · it ran out of memory',
    '  and 41 that their user wished for: `holdfast doctor --json`',
    'Environment',
  ])
})
