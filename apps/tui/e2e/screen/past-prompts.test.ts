import {readFileSync, readdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {openTui, type Tui} from '../support/tui.ts'

const build = `#!/bin/sh
seq -f 'compiling file %.0f' 30
echo "src/main.c:3:5: error: 'x' undeclared (first use in this function)"
seq -f 'compiling file %.0f' 31 40
echo "src/util.c:12:1: error: expected ';' before '}' token"
echo "make: *** [Makefile:2: all] Error 1"
exit 2
`

/** A session with commands of several kinds. */
async function openWorkedIn(home: Home, size: {cols?: number; rows?: number} = {}): Promise<Tui> {
  writeFileSync(`${home.project}/build`, build, {mode: 0o755})
  const tui = await openTui(home, [], size)
  for (const [prompt, end] of [
    ['printf "one\\ntwo\\n"', /^two\n✓/m],
    ['./build', /^✗ exit 2/m],
    ['mkdir -p sub && cd sub', /^✓.*→ .*sub/m],
    ['nope', /^✗ exit 127: command not found/m],
  ] as const) {
    await tui.submit(prompt)
    await tui.waitFor(end)
  }
  return tui
}

/** The panel, from its title on, without what differs from run to run. */
function panelOf(tui: Tui, home: Home): string {
  const rows = tui.screen().split('\n')
  const text = rows.slice(rows.findLastIndex((row) => / idle/.test(row)) + 1).join('\n')
  // In a narrow terminal, the folder is cut.
  const folders = text.replaceAll(home.project, '/project').replaceAll(/· \/\S*…$/gm, '· …')
  return folders.replaceAll(/ · \d+\.\d s/g, '')
}

/** Waits for the panel of a prompt, with the composer below it. */
async function waitForPanel(tui: Tui, prompt: string | RegExp): Promise<void> {
  await tui.waitFor(() => {
    const rows = tui.screen().split('\n')
    const panel = rows.slice(rows.findLastIndex((row) => / idle/.test(row)) + 1)
    const isShown = typeof prompt === 'string' ? panel[0] === `❯ ${prompt}` : prompt.test(panel.join('\n'))
    return isShown && panel.some((row) => row.includes('Esc')) && panel.at(-1)?.startsWith('❯') === true
  })
}

const alt = {up: '\u001b[1;3A', down: '\u001b[1;3B'}

test.each([
  [80, 24],
  [120, 40],
  [40, 12],
])('Alt-↑ walks through what has run at %i×%i', async (cols, rows) => {
  await using home = createHome()
  await using tui = await openWorkedIn(home, {cols, rows})
  const seen: string[] = []
  const keep = (name: string) => void seen.push(`── ${name}\n${panelOf(tui, home)}\n`)
  tui.type(alt.up)
  await waitForPanel(tui, 'nope')
  keep('the newest one')
  tui.type(alt.up)
  await waitForPanel(tui, 'mkdir -p sub && cd sub')
  keep('one that changed the folder')
  tui.press('up')
  await waitForPanel(tui, './build')
  keep('one that failed')
  tui.type('!')
  await waitForPanel(tui, /error 1 of 3/)
  keep('its first error')
  tui.type('n')
  await waitForPanel(tui, /error 2 of 3/)
  tui.press('escape')
  await waitForPanel(tui, /more\n/)
  tui.type('/file 40\r')
  await waitForPanel(tui, /match 1 of 1/)
  keep('a line that was found')
  tui.press('escape')
  await waitForPanel(tui, /more\n/)
  tui.type('?')
  await waitForPanel(tui, /run it again/)
  keep('all keys')
  tui.press('escape')
  await waitForPanel(tui, /more\n/)
  tui.type(alt.up)
  await waitForPanel(tui, /^❯ printf/)
  keep('a short one')
  tui.type(alt.up)
  await waitForPanel(tui, /This is the first one/)
  tui.type(alt.down)
  await waitForPanel(tui, './build')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc'))
  await expect(seen.join('\n')).toMatchFileSnapshot(`../screens/past-prompts-${cols}x${rows}.txt`)
})

test('a past prompt is copied, run again, edited, and written to a file', async () => {
  await using home = createHome()
  await using tui = await openWorkedIn(home)
  tui.type(alt.up.repeat(4))
  await waitForPanel(tui, /^❯ printf/)
  tui.type('y')
  await tui.waitFor('8 bytes sent to the terminal for the clipboard')
  expect(tui.bytes.toString()).toContain(`\u001b]52;c;${Buffer.from('one\ntwo\n').toString('base64')}\u0007`)
  tui.type('c')
  await tui.waitFor('19 bytes sent to the terminal for the clipboard')
  tui.type('x')
  await tui.waitFor(/Written to .*\.md/)
  const [file = ''] = readdirSync(home.project).filter((name) => name.endsWith('.md'))
  const exported = readFileSync(`${home.project}/${file}`, 'utf8')
  expect(exported).toContain('```sh\nprintf "one\\ntwo\\n"\n```\n\n    one\n    two\n\n✓')
  expect(exported).not.toContain('build')
  tui.type('r')
  await tui.waitFor(() => tui.scrollback().match(/^two\n✓/gm)?.length === 2)
  tui.type(alt.up)
  await waitForPanel(tui, /^❯ printf/)
  tui.type('e')
  await tui.waitFor(/^❯ printf "one\\ntwo\\n"$/m)
  tui.press('enter')
  await tui.waitFor(() => tui.scrollback().match(/^two\n✓/gm)?.length === 3)
})

test('o opens the whole output in the pager of the user, in its colours', async () => {
  await using home = createHome()
  const pager = `${home.project}/pager`
  writeFileSync(pager, `#!/bin/sh\ncat > ${home.project}/paged; echo "THE PAGER"; read -r line < /dev/tty\n`, {
    mode: 0o755,
  })
  await using tui = await openTui(home, [], {env: {PAGER: pager}})
  await tui.submit(`seq 2000; printf '\\033[31mred\\033[m\\n'`)
  await tui.waitFor(/^✓/m)
  tui.type(alt.up)
  await tui.waitFor('Esc back')
  tui.type('o')
  await tui.waitFor('THE PAGER')
  const paged = readFileSync(`${home.project}/paged`, 'utf8')
  expect(paged.split('\n').slice(1, 2001)).toEqual(Array.from({length: 2000}, (_, at) => String(at + 1)))
  expect(paged).toContain('\u001b[31mred')
  tui.press('enter')
  await tui.waitFor('Esc back')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc'))
})
