import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('/help lists all slash commands and keys', async () => {
  await using home = createHome()
  // As high as the list, and wide enough for its lines.
  await using tui = await openTui(home, [], {rows: 60, cols: 120})
  await tui.waitFor('· idle')
  await tui.submit('/help')
  await tui.waitFor(/\/doctor +explains why processes exited/)
  await tui.waitFor('/search WORD…')
  await tui.waitFor(/Tab +completes as the shell does/)
  await tui.waitFor(/Ctrl-Z +stops the running program, which fg continues/)
  await tui.waitFor(/Ctrl-G +lets prompts run that wait/)
  await tui.waitFor(/Ctrl-\\ +sends SIGQUIT/)
  await tui.waitFor(/Ctrl-T +answers the agent; switches/)
})

test('/new opens another session, /sessions goes back to the first, whose command kept running', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('/title the first one')
  await tui.waitFor('the first one ·')
  await tui.submit('sleep 1; echo the first has gone on')
  await tui.waitFor('running')
  await tui.submit('/new the second one')
  await tui.waitFor(/the second one · .* idle/)
  await tui.submit('echo in the second')
  await tui.waitFor(/^in the second$/m)

  await tui.submit('/sessions')
  await tui.waitFor(/here +the second one/)
  tui.type('first')
  await tui.waitFor(/sessions: first/)
  tui.press('enter')
  await tui.waitFor(/^the first has gone on$/m)
  await tui.waitFor(/the first one · .* idle/)
  expect(await sessionsOf(home)).toHaveLength(2)
})

test('/sessions refuses an unknown id, and the open session stays', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo here')
  await tui.waitFor(/^here$/m)
  await tui.submit('/sessions what')
  await tui.waitFor('Expected the id of a session, as in the list of /sessions, got `what`')
  await tui.submit('/sessions 0000000000')
  await tui.waitFor(/there is no session 0000000000/i)
  await tui.submit('echo still here')
  await tui.waitFor(/^still here$/m)
})

test('/search finds lines in all sessions and opens the chosen session', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'echo a needle'])
  await using tui = await openTui(home)
  await tui.submit('/search nothing of the kind')
  await tui.waitFor('No line contains all of these words')
  await tui.submit('/search needle')
  await tui.waitFor(/found: .*\n +echo a needle/)
  tui.press('enter')
  await tui.waitFor(/^a needle$/m)
})

test('/search and /sessions show a closed session, and the open one stays', async () => {
  await using home = createHome()
  const lines = 'echo first; seq 3; echo a needle; seq 4 6'
  await home.holdfast(['run', '--', lines])
  const [{id}] = await sessionsOf(home)
  await until(async () => (await sessionsOf(home))[0].state === 'closed', {what: 'a closed session'})
  await using tui = await openTui(home)
  await tui.submit('echo open')
  await tui.waitFor(/^open\n✓/m)
  await tui.submit('/search needle')
  await tui.waitFor(/a needle.*\n/)
  tui.press('enter')
  const shown = /From the closed session .*:\n\n❯ echo first;.*\nfirst\n1\n2\n3\na needle\n4\n5\n6\n✓.*\n/
  await tui.waitFor(() => shown.test(tui.scrollback()))
  await tui.waitFor(`All of that session: holdfast show ${id}`)
  await tui.submit(`/sessions ${id}`)
  await tui.waitFor(/The session was closed\.\n\nAll of that session/)
  expect(tui.scrollback()).not.toContain('Left, still open')
  await tui.submit('echo still open')
  await tui.waitFor(/^still open\n✓/m)
})

test('/search says where a line of the open session is', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('printf "a need"; echo le')
  await tui.waitFor(/^✓/m)
  await tui.submit('/search needle')
  await tui.waitFor(/found: .*\n +a needle/)
  tui.press('enter')
  await tui.waitFor(/^ *a needle\n *In this session, now; from there on: holdfast show --after \d+ \w{10}$/m)
  const [, afterSeq = '', id = ''] = /--after (\d+) (\w{10})$/m.exec(tui.screen()) ?? []
  expect((await home.holdfast(['show', '--after', afterSeq, id])).stdout).toMatch(/needle\n✓/)
})

test('/copy copies the last output to the clipboard of the terminal', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('/copy')
  await tui.waitFor('There is no output to copy yet')
  await tui.submit(String.raw`printf '\033[31mone\033[0m\ntwo\n'`)
  await tui.waitFor(/^two$/m)
  await tui.submit('/copy')
  await tui.waitFor('8 bytes sent to the terminal for the clipboard')
  expect(tui.bytes.toString()).toContain(`\u001b]52;c;${Buffer.from('one\ntwo\n').toString('base64')}\u0007`)
})

test('/export writes the session to a file, and never overwrites one', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo for the page')
  await tui.waitFor(/^for the page$/m)
  await tui.submit('/export page.md')
  await tui.waitFor(/Written to .*page\.md/)
  expect(readFileSync(`${home.project}/page.md`, 'utf8')).toContain('\n    for the page\n')
  await tui.submit('/export page.md')
  await tui.waitFor('already exists: choose another file')
})

test('/clear clears the screen, and keeps the scrollback', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo to be seen above')
  await tui.waitFor(/^to be seen above$/m)
  await tui.submit('/clear')
  await tui.waitFor(() => !tui.screen().includes('to be seen above'))
  expect(tui.scrollback()).toMatch(/^to be seen above$/m)
  for (const erasure of ['\u001b[2J', '\u001b[3J']) expect(tui.bytes.toString()).not.toContain(erasure)
})

test('/close asks if a command is running, and ends the session', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('sleep 1000')
  await tui.waitFor('running')
  await tui.submit('/close')
  await tui.waitFor('Enter closes the session · Esc stays')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Enter closes the session'))
  await tui.submit('/close')
  await tui.waitFor('Enter closes the session · Esc stays')
  tui.press('enter')
  await tui.waitFor('The session was closed.')
  await tui.waitFor('closed · /new opens another')
  // A refused prompt is not lost.
  await tui.submitLast('echo too late')
  await tui.waitFor(/is closed: open another one\n(?:.*\n)*❯ echo too late$/m)
  tui.type('\u0015')
  await tui.submit('/new')
  await tui.waitFor(/· idle/)
})

test('/doctor shows its findings', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {rows: 40})
  await tui.waitFor('· idle')
  await tui.submit('/doctor')
  await tui.waitFor('Problems')
})
