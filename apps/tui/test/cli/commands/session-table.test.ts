import type {SessionSummary} from '@holdfast/protocol'
import stringWidth from 'string-width'
import {expect, test} from 'vitest'

import {sessionTable} from '../../../src/cli/commands/sessions/session-table.ts'

const session = (title: string, cwd: string): SessionSummary => ({
  id: '0123456789',
  title,
  cwd,
  state: 'idle',
  agent: 'shell',
  created_at: 0,
  updated_at: 1,
})
const long = session(
  'for file in *.ts ⏎ do npx prettier --write "$file" ⏎ done',
  '/home/ada/src/holdfast/packages/terminal',
)
const wide = session('日本語のとても長い題名です。', '/srv')

test.each([24, 40, 60, 80, 120])('no row is wider than a terminal of %i columns, down to the title', (columns) => {
  const rows = sessionTable([long, wide], 1, columns)
  // Id, state and age are never cut.
  const least = '0123456789  idle   now   '.length + 10
  expect(rows.filter((row) => stringWidth(row) > Math.max(columns, least))).toEqual([])
})

test('titles are cut at their end, and folders at their start; a narrow terminal shows no folders', () => {
  expect(sessionTable([long, session('web', '/srv')], 1, 60)).toEqual([
    'ID          STATE  USED  TITLE             FOLDER',
    '0123456789  idle   now   for file in *.t…  …ackages/terminal',
    '0123456789  idle   now   web               /srv',
  ])
  expect(sessionTable([long], 1, 40)[1]).toBe('0123456789  idle   now   for file in *.…')
})

test('a short folder leaves its room to the title', () => {
  expect(sessionTable([session(long.title, '/srv')], 1, 60)[1]).toBe(
    '0123456789  idle   now   for file in *.ts ⏎ do npx …  /srv',
  )
})

test('the first prompt, as the title of a session without another one, is one line', () => {
  expect(sessionTable([session('cat <<E\nx\nE', '/srv')], 1, 80)[1]).toMatch(/ cat <<E ⏎ x ⏎ E {2}/)
})

test('an open session shows what waits for the user in place of its state', () => {
  const waits = (state: 'idle' | 'closed') =>
    sessionTable([{...session('web', '/srv'), state, waits_for: 'queue'}], 1, 80)[1]
  expect(waits('idle')).toBe('0123456789  HELD   now   web    /srv')
  expect(waits('closed')).toMatch(/^0123456789 {2}closed /)
})

test('without a terminal, nothing is cut', () => {
  expect(sessionTable([long], 1, undefined)[1]).toBe(`0123456789  idle   now   ${long.title}  ${long.cwd}`)
})

test('sessions of a fleet have a column with their machines; the age of one whose machine is away is not known', () => {
  const away = {
    ...session('on box, which does not answer', ''),
    state: 'stopped',
    machine: 'box',
    machine_silent: true,
    updated_at: 0,
  } as const
  const known = {...session('web', '/srv'), machine: 'atlas'}
  expect(sessionTable([known, away, session('mine', '/home')], 1, 80)).toEqual([
    'ID          MACHINE  STATE   USED  TITLE                          FOLDER',
    '0123456789  atlas    idle    now   web                            /srv',
    '0123456789  box      silent  -     on box, which does not answer',
    '0123456789           idle    now   mine                           /home',
  ])
  const narrow = sessionTable([{...long, machine: 'atlas'}], 1, 50)
  expect(narrow.filter((row) => stringWidth(row) > 50)).toEqual([])
})
