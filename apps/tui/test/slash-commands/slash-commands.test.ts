import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'
import {defaultBindings, editKeys} from '@holdfast/ink-composer'

import {keyPage} from '../../src/keys/key-page.ts'
import {createScreenModel} from '../../src/ui/screen-model.ts'
import {close} from '../../src/slash-commands/commands/close.ts'
import {help} from '../../src/slash-commands/commands/help.ts'
import {quit} from '../../src/slash-commands/commands/quit.ts'
import type {SlashCommandContext} from '../../src/slash-commands/slash-command.ts'
import {slashCommandGroups, slashCommands} from '../../src/slash-commands/slash-commands.ts'
import {idleSession} from '../fixtures/idle-session.ts'

const page = (name: string) => readFileSync(new URL(`../../../../docs/${name}.md`, import.meta.url), 'utf8')
const nameOf = ({name, argument}: (typeof slashCommands)[number]) =>
  argument === undefined ? name : `${name} ${argument}`

const keys = keyPage(defaultBindings).flatMap(({rows}) => rows)

/** Keys as the page of the composer writes them. */
const written: Readonly<Record<string, string>> = {left: '←', right: '→'}
const toPage = (name: string) =>
  name
    .split(/-(?=.)/)
    .map((part) => written[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join('-')

test('docs/command.md lists the slash commands that there are, in their order, and no other', () => {
  const rows = [...page('command').matchAll(/^\| `(\/[^`]+)` \|/gm)].map(([, name]) => name)
  expect(rows).toEqual(slashCommands.map(nameOf))
})

test('every key of /help is on the pages of the composer and of the screen', () => {
  const pages = page('composer') + page('screen') + page('attach')
  expect(keys.filter(({name}) => !pages.includes(name))).toEqual([])
})

test('every key on the page of the composer that does not only edit is in /help', () => {
  const section =
    page('composer')
      .split(/^## /m)
      .find((text) => text.startsWith('Keys\n')) ?? ''
  const firstKeys = [...section.matchAll(/^\| ([^ ,;|]+)[^|]* \| (?!what it does)/gm)].map(([, key = '']) => key)
  expect(firstKeys).toContain('Ctrl-G')
  const [edits, listed] = [
    Object.keys(editKeys).map(toPage),
    keys
      .map(({name}) => name)
      .join(' ')
      .split(' '),
  ]
  expect(firstKeys.filter((key) => !edits.includes(key) && !listed.includes(key))).toEqual([])
})

test('every key that edits is on the page of the composer', () => {
  const section = page('composer').slice(0, page('composer').indexOf('## History'))
  expect(Object.keys(editKeys).map(toPage)).toSatisfy((names: string[]) => {
    expect(names.filter((name) => !section.includes(name))).toEqual([])
    return true
  })
})

test.each([30, 40, 80, 120])('/help breaks no word at %i columns', async (cols) => {
  let shown = ''
  const model = createScreenModel({size: {cols, rows: 24}, depth: 1})
  model.setWriter((text) => {
    shown += text
    return true
  })
  const answer: SlashCommandContext['answer'] = (parts) =>
    typeof parts !== 'string' && model.addBlock({kind: 'answer', parts})
  await help.run({model, groups: slashCommandGroups, answer} as unknown as SlashCommandContext, '')
  await expect.poll(() => shown).toContain('closes the menu')
  const lines = shown.split('\n')
  expect(lines[0]).toBe('')
  expect(lines.filter((line) => line.startsWith('\u001b[1m'))).toHaveLength(7)
  expect(lines.filter((line) => line.length > cols + '\u001b[2m\u001b[22m'.length)).toEqual([])
})

test('/quit and /close count the prompts that the screen shows as queued, committed or not', async () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 1})
  const running = {prompt_id: 'a', text: 'make', started_at: 1000}
  model.setSession(idleSession({running, queue: [{prompt_id: 'b', text: 'ls'}]}))
  model.addUnsent('c', 'pwd')
  const titles: string[] = []
  const context = {
    model,
    opened: async () => ({}),
    composer: {ask: ({title}: {title: string}) => titles.push(title)},
  } as unknown as SlashCommandContext
  await quit.run(context, '')
  await close.run(context, '')
  expect(titles).toEqual([
    'Keeps running: `make`, then the queue (2)',
    'Close this session? `make` will be stopped and the queue (2) dropped',
  ])
})
