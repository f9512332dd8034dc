import type {EventPayload} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {unbroken} from '../../src/ui/unbroken.ts'
import {drawBlock} from '../../src/ui/blocks/draw-block.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

test('a note is wrapped at words; a path that is wider than the terminal is left to it', () => {
  const draw = (text: string) => drawBlock({kind: 'note', text}, {columns: 30, paint: plainPaint})
  expect(draw('The shell exited with 3. The next command gets a new one')).toEqual([
    'The shell exited with 3. The',
    'next command gets a new one',
  ])
  const path = '/home/ada/src/shop/sessions/page.md'
  expect(draw(`Written to ${path}`)).toEqual(['Written to', path])
})

test('a command to copy is on one line, however narrow the terminal is', () => {
  const text = `All of it: ${unbroken('holdfast --home /srv/shop show 0123456789')}`
  expect(drawBlock({kind: 'note', text}, {columns: 30, paint: plainPaint})).toEqual([
    'All of it:',
    'holdfast --home /srv/shop show 0123456789',
  ])
})

test('the answer to a slash command is wrapped at words', () => {
  const parts = [{heading: 'Setup', text: 'The shell has no hooks: its commands have no status'}]
  expect(drawBlock({kind: 'answer', parts}, {columns: 30, paint: plainPaint})).toEqual([
    '',
    'Setup',
    'The shell has no hooks: its',
    'commands have no status',
  ])
})

test('the result of a command is wrapped at words, behind its sign', () => {
  const draw = (payload: Partial<EventPayload<'message.complete'>>) =>
    drawBlock(
      {kind: 'run-end', prompt_id: 'p1', status: 'complete', ...payload},
      {columns: 30, paint: plainPaint, showFolder: (folder) => folder},
    )
  expect(draw({status: 'failed', reason: 'folder-gone'})).toEqual([
    '✗ failed: the folder is gone,',
    '  so nothing ran; the next',
    '  command runs in the home',
    '  folder',
  ])
  expect(draw({exit_code: 0})).toEqual(['✓'])
  expect(draw({exit_code: 0, duration_ms: 1200, cwd: '/srv'})).toEqual(['✓ 1.2 s · → /srv'])
})

test('the message about a recovery is wrapped at words', () => {
  const text = 'The gateway died (exit 9) and was restarted; `sleep 300` is still running.'
  expect(drawBlock({kind: 'recovery', text}, {columns: 40, paint: plainPaint})).toEqual([
    'The gateway died (exit 9) and was',
    'restarted; `sleep 300` is still running.',
  ])
})

test('the folder, the branch and the time of a prompt stand at the right edge, as far as they fit', () => {
  const at = new Date(2026, 4, 3, 14, 2).getTime()
  const begun = {at, folder: '/srv/shop', branch: 'main'}
  const head = (text: string, columns: number, by?: string) =>
    drawBlock({kind: 'run-begin', text, begun: {...begun, by}}, {columns, paint: plainPaint, expandKey: undefined}).map(
      (line) => line.replace('\u001b[K', ''),
    )
  expect(head('make', 50)).toEqual(['', '❯ make              /srv/shop (main)  3 May 14:02'])
  expect(head('make', 36)).toEqual(['', '❯ make       /srv/shop  3 May 14:02'])
  expect(head('make', 22)).toEqual(['', '❯ make    3 May 14:02'])
  expect(head('make', 19)).toEqual(['', '❯ make'])
  expect(head('make', 60, 'phone')).toEqual(['', '❯ make            /srv/shop (main)  from phone  3 May 14:02'])
  expect(head('for x\ndo y', 22)).toEqual(['', '❯ for x   3 May 14:02', '… do y'])
})

test('in a prompt for an agent, a mention of a file is a chip, with the name of one in another folder', () => {
  const text = 'compare @src/a.ts and @"/home/ada/my photo.png", ada@example.org\n@/tmp/b.txt.'
  const paint = (token: string, part: string) => (token === 'link' ? `<${part}>` : part)
  const draw = (isForAgent: boolean) =>
    drawBlock({kind: 'run-begin', text, isForAgent}, {columns: 80, paint, expandKey: undefined}).map((line) =>
      line.replace('\u001b[K', ''),
    )
  expect(draw(true)).toEqual(['', '❯ compare <@src/a.ts> and <[my photo.png]>, ada@example.org', '… <[b.txt]>.'])
  expect(draw(false)[2]).toBe('… @/tmp/b.txt.')
})

test('the line of a slash command stands before its answer, and an empty line before each further heading', () => {
  const parts = [
    {heading: 'One', text: 'a'},
    {heading: 'Two', text: 'b\nc'},
  ]
  const canvas = {columns: 30, paint: plainPaint, expandKey: undefined}
  expect(drawBlock({kind: 'answer', parts, command: '/help'}, canvas)).toEqual([
    '',
    '❯ /help\u001b[K',
    'One',
    'a',
    '',
    'Two',
    'b',
    'c',
  ])
})
