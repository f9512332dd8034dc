import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'

import type {ScreenSnapshot} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {eventsOf} from '../support/events-of.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome, type Home} from '../support/home.ts'
import {waitForExit} from '../support/processes.ts'
import {parseCast, playCast, screenOf, screenOfSnapshot, type Cast} from '../support/play-cast.ts'
import {startServer} from '../support/serve.ts'

/** Runs a command that must succeed, and resolves to what it prints. */
async function holdfast(home: Home, ...args: string[]): Promise<string> {
  const {stdout, stderr, exitCode} = await home.holdfast(args)
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  return stdout
}
const create = async (home: Home, ...args: string[]) => (await holdfast(home, 'new', ...args)).trim()
const snapshotOf = async (home: Home, id: string) =>
  JSON.parse(await holdfast(home, 'snapshot', id, '--format', 'json')) as ScreenSnapshot
const recordingOf = async (home: Home, id: string, ...options: string[]) =>
  parseCast(await holdfast(home, 'record', id, ...options))
const markersOf = ({events}: Cast) => events.filter(([, kind]) => kind === 'm').map(([, , text]) => text)
const textOf = ({events}: Cast) => events.map(([, , text]) => text).join('')

function writeSettings(home: Home, settings: object): void {
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
}

async function killHost(home: Home): Promise<void> {
  const host = await home.process('host')
  process.kill(host.pid, 'SIGKILL')
  await waitForExit(host)
}

test('the recording of vim, whose host was killed, ends with the screen that the snapshot had', async () => {
  need('vim')
  await using home = createHome()
  const id = await create(home, '--size', '60x12', '--title', 'An editor', '--', 'vim', '-u', 'NONE', '-N', 'a.txt')
  await holdfast(home, 'wait', id, '--text', '"a.txt" [New]')
  await holdfast(
    home,
    'keys',
    id,
    '--',
    ':syntax on | set hlsearch number',
    'Enter',
    'i',
    'one',
    'Enter',
    'twö 二',
    'Escape',
  )
  await holdfast(home, 'wait', id, '--text', 'twö 二')
  await holdfast(home, 'resize', id, '50x10')
  await holdfast(home, 'keys', id, '--', '?one', 'Enter')
  await holdfast(home, 'wait', id, '--text', '?one')
  await holdfast(home, 'wait', id, '--stable', '300')
  const shown = await snapshotOf(home, id)
  // What was drawn before it is in the log.
  await holdfast(home, 'mark', id, 'found')
  await killHost(home)

  const cast = await recordingOf(home, id)
  expect(cast.header).toMatchObject({version: 2, width: 60, height: 12, title: 'An editor'})
  expect(Math.abs(cast.header.timestamp * 1000 - Date.now())).toBeLessThan(120_000)
  expect(cast.events.filter(([, kind]) => kind === 'r').map(([, , text]) => text)).toEqual(['50x10'])
  expect(markersOf(cast)).toEqual(['found'])
  const times = cast.events.map(([seconds]) => seconds)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect(screenOf(await playCast(cast))).toEqual(screenOfSnapshot(shown))
  // It has read the log alone.
  expect(home.processes().filter(({role}) => role === 'host')).toEqual([])
})

test('the recording of a shell has its output, its prompts, and from the first key the screens of its programs', async () => {
  need('less')
  await using home = createHome()
  const id = await create(home, '--shell', '/bin/bash', '--size', '70x9')
  writeFileSync(`${home.project}/lines`, Array.from({length: 90}, (_, line) => `line ${line + 1}\n`).join(''))
  await holdfast(home, 'run', '--session', id, '--', `printf '\\033[31mred\\033[m, no line end'`)
  await holdfast(home, 'run', '--session', id, '--no-wait', '--', 'less lines')
  await holdfast(home, 'wait', id, '--text', 'line 8')
  await holdfast(home, 'keys', id, '--', 'Space')
  await holdfast(home, 'wait', id, '--text', 'line 16')
  await holdfast(home, 'keys', id, '--', '/7', 'Enter')
  await holdfast(home, 'wait', id, '--text', 'line 17')
  await holdfast(home, 'wait', id, '--stable', '300')
  const shown = await snapshotOf(home, id)
  await holdfast(home, 'mark', id, 'searched')
  await holdfast(home, 'keys', id, '--', 'q')
  await holdfast(home, 'run', '--session', id, '--', 'echo the end')
  await killHost(home)

  const events = await eventsOf(home, id)
  const marked = String(events.find(({type}) => type === 'session.marked')?.seq)
  const cast = await recordingOf(home, id)
  expect(markersOf(cast).slice(1)).toEqual(['less lines', 'searched', 'echo the end'])
  const upToMark = await recordingOf(home, id, '--to', marked)
  const [whole, part] = [await playCast(cast), await playCast(upToMark)]
  expect(screenOf(part)).toEqual(screenOfSnapshot(shown))
  const rows = Array.from({length: 8}, (_, row) => whole.buffer.normal.getLine(row)?.translateToString(true).trimEnd())
  expect(rows).toEqual([
    `❯ printf '\\033[31mred\\033[m, no line end'`,
    'red, no line end',
    '❯ less lines',
    '❯ echo the end',
    'the end',
    '',
    '',
    '',
  ])

  // From the mark on, it begins with the screen, and what that covers.
  const file = `${home.project}/later.cast`
  expect(await holdfast(home, 'record', id, '--from', marked, '--output', file)).toBe('')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const fromMark = parseCast(readFileSync(file, 'utf8'))
  expect(screenOf(await playCast({...fromMark, events: fromMark.events.slice(0, 2)}))).toEqual(screenOfSnapshot(shown))
  expect(screenOf(await playCast(fromMark))).toEqual(screenOf(whole))
  const again = await home.holdfast(['record', id, '--output', file, '--json'])
  expect(JSON.parse(again.stdout)).toMatchObject({ok: false, command: 'record', error: {code: 'output_failed'}})
})

/** Draws on the alternate screen, much of it, then waits for a line. */
const painter = String.raw`printf '\033[?1049h'; for i in $(seq 200); do printf '\033[H%0100d framed' $i; done; printf '\033[Hready'; read -r line; printf '\033[?1049lleft\n'`

test('a program may draw up to the bound of the settings; the recording tells what is missing', async () => {
  await using home = createHome()
  writeSettings(home, {recordScreensMiB: 0.01})
  const id = await create(home, '--', 'sh', '-c', painter)
  await holdfast(home, 'wait', id, '--text', 'ready')
  const bound = '… what the program draws from here on was not kept …'
  expect(markersOf(await recordingOf(home, id))).toEqual([bound])
  await holdfast(home, 'keys', id, '--', 'Enter')
  await holdfast(home, 'wait', id, '--exit')
  const cast = await recordingOf(home, id)
  expect(markersOf(cast)).toEqual([bound, expect.stringMatching(/^… 1\d\.\d KiB of output were not kept …$/)])
  expect(textOf(cast)).toContain('left')
  expect(textOf(cast).length).toBeLessThan(15_000)
})

test('frames come with `record` and `export --format jsonl` alone: nothing else reads or finds them', async () => {
  await using home = createHome()
  const id = await create(home, '--', 'sh', '-c', painter)
  await holdfast(home, 'wait', id, '--text', 'ready')
  await holdfast(home, 'keys', id, '--', 'Enter')
  await holdfast(home, 'wait', id, '--exit')
  expect(textOf(await recordingOf(home, id))).toContain('framed')
  expect(await holdfast(home, 'export', id, '--format', 'jsonl')).toContain('framed')
  expect(await holdfast(home, 'show', id)).toContain('left')
  for (const args of [
    ['show', id],
    ['show', id, '--json'],
    ['export', id],
  ]) {
    expect(await holdfast(home, ...args)).not.toContain(' framed\\u001b')
    expect(await holdfast(home, ...args)).not.toContain('000200')
  }
  expect((await home.holdfast(['search', '000200'])).stdout).toBe('')
  const drawn = (await eventsOf(home, id)).filter(({type}) => type === 'screen.drawn')
  expect(drawn.length).toBeGreaterThan(0)
  expect(drawn.every(({payload}) => Object.keys(payload).length === 0)).toBe(true)
})

test('with `never`, and in a shell that nobody drives, nothing that a program draws is in a file', async () => {
  await using home = createHome()
  const once = String.raw`printf '\033[?1049hsecretframe\033[?1049lleft\n'`.replace('secretframe', 'secret%s')
  const undriven = await create(home, '--shell', '/bin/bash')
  await holdfast(home, 'run', '--session', undriven, '--', `${once} frame`)
  writeSettings(home, {recordScreens: 'never'})
  const never = await create(home, '--', 'sh', '-c', `${once} frame; read -r line`)
  await holdfast(home, 'wait', never, '--text', 'left')
  await holdfast(home, 'keys', never, '--', 'Enter')
  await holdfast(home, 'wait', never, '--exit')
  expect(textOf(await recordingOf(home, never))).toContain('left')
  expect(filesWith(home, 'secretframe')).toEqual([])
  writeSettings(home, {recordScreens: 'always'})
  const always = await create(home, '--shell', '/bin/bash')
  await holdfast(home, 'run', '--session', always, '--', `${once} frame`)
  expect(textOf(await recordingOf(home, always))).toContain('secretframe')
})

test('what is typed into a program that does not show it is in no file, although its screen is recorded', async () => {
  await using home = createHome()
  const asks = String.raw`printf '\033[?1049h\033[2Jpassword: '; read -rs a; printf '\033[2;1Hagain: '; read -rs b; [ "$a" = "$b" ] && printf '\033[3;1Hequal'; read -rs c`
  const id = await create(home, '--', 'bash', '-c', asks)
  await holdfast(home, 'wait', id, '--text', 'password:')
  await holdfast(home, 'keys', id, '--', 'typedsecret', 'Enter')
  await holdfast(home, 'wait', id, '--text', 'again:')
  const sent = await home.holdfast(['send', id, '--secret'], {stdin: 'typedsecret\n'})
  expect(sent).toMatchObject({stderr: '', exitCode: 0})
  await holdfast(home, 'wait', id, '--text', 'equal')
  await holdfast(home, 'mark', id, 'equal')
  expect(textOf(await recordingOf(home, id))).toContain('equal')
  expect(filesWith(home, 'typedsecret')).toEqual([])
})

test('a session of another machine is recorded, and what cannot be is refused', async () => {
  await using home = createHome()
  const id = await create(home, '--', 'sh', '-c', String.raw`printf '\033[?1049hframe'`)
  await holdfast(home, 'wait', id, '--exit')
  await using server = await startServer(home)
  expect(textOf(await recordingOf(home, id, ...server.optionsFor()))).toMatch(/\[\?1049hframe/)
  expect(await home.holdfast(['record', '0000000000'])).toMatchObject({stdout: '', exitCode: 3})
  const refused = await home.holdfast(['record', id, '--from', '3', '--to', '2'])
  expect(refused).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('expected --to to be an event from 3 on'),
  })
})
