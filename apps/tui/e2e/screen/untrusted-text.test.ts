/* oxlint-disable no-control-regex -- control characters are what this file is about */
import {mkdirSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {cli, createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTalk} from '../support/talk-terminal.ts'
import {openTerminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'

/** Sequences that would set the title of a terminal, and clear it. */
const order = '\u001b]0;owned\u0007\u001b[2J'

test('ls prints each session as one line without control sequences, in columns', async () => {
  await using home = createHome()
  const folder = `${home.project}/汉字\n${order}x`
  mkdirSync(folder)
  await home.holdfast(['run', '--keep', '--', `: '${order}a'\n: b`], {cwd: folder})
  await home.holdfast(['run', '--keep', '--', ': 汉字'])
  const lines = (await home.holdfast(['ls'])).stdout.split('\n')
  expect(lines).toHaveLength(4)
  const [, plain, evil] = lines.map((line) => line.split(/ {2,}/).slice(3))
  expect([plain, evil]).toEqual([
    [': 汉字', home.project],
    [": 'a' ⏎ : b", `${home.project}/汉字 x`],
  ])
  // One title is 11 cells wide, the other 6.
  expect(lines[1]).toContain(`: 汉字       ${home.project}`)
  expect(lines[2]).toContain(`: 'a' ⏎ : b  ${home.project}`)
})

test('control sequences in a prompt of another client do not reach the terminal: title, queue, transcript, show', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', `: '${order}first'`])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['run', '--session', id, '--no-wait', '--', `sleep 60 # ${order}`])
  await home.holdfast(['run', '--session', id, '--no-wait', '--', `: '${order}waits'`])
  await using tui = await openTui(home, ['--resume', id])
  await tui.waitFor(/^: 'first' · .* running/m)
  await tui.waitFor("1. : 'waits'")
  await tui.waitFor(() => tui.scrollback().includes("❯ : 'first'\n"))
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toContain("❯ : 'first'\n")
  for (const text of [tui.bytes.toString(), stdout]) expect(text).not.toMatch(/owned|\[2J/)
})

/** Output with all kinds of control sequences: title, clipboard, link, device, screen, cursor, mouse, pastes, queries. */
const hostileOutput = [
  '\u001b]0;owned\u0007\u001b]2;owned\u001b\\\u001b]52;c;b3duZWQ=\u0007\u001b]8;;file:///owned\u0007',
  '\u001bP1$r owned\u001b\\\u001b_Gowned\u001b\\\u001b^owned\u001b\\\u001b]1337;File=:owned\u0007',
  '\u001b[2J\u001b[3J\u001b[1;1H\u001b[?1049h\u001b[?1049l\u001b[?1000;1006h\u001b[?25l\u001b[2;3r\u001b[4h\u001b7',
  '\u001b[200~\u001b[201~\u001b[?2004h\u001b[>4;2m\u001b[>1u\u001b[6n\u001b[c\u001b[21t\u001b[?1$p\u001bZ',
  '\u001b(0\u000e\u001b#8\u001bD\u001bM\u001bE\u001b=\u0007\u0005\u009b2J\u009d0;owned\u009c\u0090owned\u009c',
  '\u001b[31mseen\u001b[0m\n\u001b]0;owned without an end',
].join('')

const colours = /\u001b\[[\d;:]*m/g

test('of control sequences in output, only colours reach the terminal: talk and show', async () => {
  await using home = createHome()
  writeFileSync(`${home.project}/hostile`, hostileOutput)
  await using talk = await openTalk(home, ['talk'], {line: 'TERM=dumb hf talk'})
  await talk.enter('cat hostile')
  expect(talk.lines()).toContain('seen')
  await talk.enter('echo still here')
  expect(talk.lines()).toContain('still here')
  expect(talk.written()).not.toMatch(/owned|[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/)

  const [{id}] = await sessionsOf(home)
  for (const [NO_COLOR, shown] of [
    ['', '\u001b[31mseen\u001b[0m'],
    ['1', 'seen'],
  ] as const) {
    const env = {...home.env, NO_COLOR}
    await using show = await openTerminal({command: process.execPath, args: [cli, 'show', id], env, cwd: home.project})
    expect(await show.exited).toBe(0)
    const bytes = show.bytes.toString().replaceAll(/\u001b\]7777;[^\u0007]*\u0007/g, '')
    expect(bytes).toContain(shown)
    expect(show.scrollback()).toMatch(/^❯ cat hostile\nseen\n✓.*\n❯ echo still here\nstill here\n✓/m)
    expect(bytes.replaceAll(colours, '')).not.toMatch(/owned|[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/)
    expect(show.modes()).toEqual(show.modesBefore)
  }
})

test('of control sequences in output, only colours reach a capable terminal: talk', async () => {
  await using home = createHome()
  writeFileSync(`${home.project}/hostile`, hostileOutput)
  await using talk = await openTalk(home)
  await talk.enter('cat hostile')
  talk.press('ctrl-d')
  await talk.exited
  const bytes = talk.written()
  expect(bytes).toContain('\u001b[31mseen\u001b[0m')
  // Left are colours, the sequences that draw the edited line, and those that mark a paste in it.
  expect(bytes.replaceAll(/\u001b\[(?:[\d;:]*m|\d*G|0?J|\?2004[hl])/g, '')).not.toMatch(
    /owned|[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/,
  )
  expect(talk.modes()).toEqual(talk.modesBefore)
})

test('talk names the running command on one line without control sequences', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--no-wait', '--', `sleep 60 # ${order}runs\n: more`])
  const [{id}] = await sessionsOf(home)
  await using talk = await openTalk(home, ['talk', '--resume', id], {isBusy: true})
  await talk.waitFor('This command is running, and what you type is its input: sleep 60 # runs : more')
  talk.press('ctrl-d')
  await talk.exited
  expect(talk.written()).not.toMatch(/owned|\[2J/)
})

test('bidirectional controls in untrusted text do not reorder the text behind it', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', ': \u202egnp.exe\u2066 x'])
  for (const args of [['ls'], ['show', (await sessionsOf(home))[0].id]]) {
    const {stdout} = await home.holdfast(args)
    expect(stdout).toContain(': gnp.exe x')
    expect(stdout).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
  }
})

test('bidirectional controls in output reach no terminal', async () => {
  await using home = createHome()
  const command = String.raw`printf 'exe.\342\200\256gnp \342\201\246x\342\201\251\n'`
  await home.holdfast(['run', '--keep', '--', command])
  const [{id}] = await sessionsOf(home)
  expect((await home.holdfast(['export', id])).stdout).toContain('exe.gnp x\n')
  const [program, ...args] = home.launch(home.project, ['show', id])
  await using show = await openTerminal({command: program, args, env: home.env, cwd: home.project})
  await show.waitFor('exe.gnp x')
  await using tui = await openTui(home, ['--resume', id])
  await tui.waitFor('exe.gnp x')
  await using talk = await openTalk(home, ['talk', '--resume', id])
  await talk.enter(`${command} # again`)
  await talk.waitFor('exe.gnp x')
  const shown = show.bytes.toString() + tui.bytes.toString() + talk.written()
  expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
})

test('what a library warns about is not shown: xterm.js reports each of its tasks that a busy machine delays', async () => {
  await using home = createHome()
  const warnOnSignal = fileURLToPath(new URL('../fixtures/throw-on-signal.mjs', import.meta.url))
  await using tui = await openTui(home, [], {env: {NODE_OPTIONS: `--import=${warnOnSignal}`, FAULT: 'warning'}})
  await tui.waitFor('· idle')
  tui.kill('SIGUSR2')
  await tui.submit('echo af""ter')
  await tui.waitFor(/^after\n✓/m)
  expect(tui.bytes.toString()).not.toContain('planted warning')
})
