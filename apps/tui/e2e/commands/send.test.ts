import {existsSync, readFileSync} from 'node:fs'

import {sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {until} from '../support/until.ts'

/** Starts a command that keeps running; returns the ids of its session and its prompt. */
async function start(home: Home, command: string, options: readonly string[] = []) {
  const {stdout} = await home.holdfast(['run', '--no-wait', ...options, '--', command])
  const [session = '', prompt = ''] = stdout.trim().split(' ')
  return {session, prompt}
}

/** Starts a command that prints `begun` first, and waits for that. */
async function startBegun(home: Home, command: string) {
  const started = await start(home, `echo begun; ${command}`)
  await shown(home, started.session, /^begun$/m)
  return started
}

/** Acts as another user in a folder that it owns: `su` is a program of root then. */
const secondUser = [
  '/bin/sh',
  '-c',
  'chown -R 54321:54321 "$(dirname "$0")"; cd "$0"; exec setpriv --reuid 54321 --regid 54321 --clear-groups -- "$@"',
] as const

/** The bytes of the log. */
function logOf(home: Home, session: string): string {
  const {log} = sessionPaths(home.state, session)
  return [log, `${log}-wal`].map((file) => (existsSync(file) ? readFileSync(file, 'latin1') : '')).join('')
}

/** The output of `show`, once it contains `what`. */
async function shown(home: Home, session: string, what: RegExp): Promise<string> {
  return await until(
    async () => {
      const {stdout} = await home.holdfast(['show', session])
      return what.test(stdout) && stdout
    },
    {what: String(what)},
  )
}

test('send types words and Enter into the program of a prompt, even before it has begun', async () => {
  await using home = createHome()
  const {session, prompt} = await start(home, 'read line; echo "got [$line]"')
  const sent = await home.holdfast(['send', session, '--prompt', prompt, 'two', 'words'])
  expect(sent).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  expect(await shown(home, session, /✓/)).toContain('got [two words]\n')
})

const hidden = {
  bash: 'sleep 0.2; read -s p; echo "${#p} letters"',
  dash: 'sleep 0.2; stty -echo; read p; stty echo; echo "${#p} letters"',
  // Its own `read -s` reads key by key.
  fish: `sleep 0.2; bash -c 'read -s p; echo "\${#p} letters"'`,
  zsh: 'sleep 0.2; read -s p; echo "${#p} letters"',
} as const

test.each(['bash', 'dash', 'fish', 'zsh'] as const)(
  '%s: a secret that is sent at once is typed when the program asks for it, and never in the log',
  async (shell) => {
    await using home = createHome()
    const {session, prompt} = await start(home, hidden[shell], ['--shell', need(shell)])
    const sent = await home.holdfast(['send', session, '--prompt', prompt, '--secret'], {stdin: 'hunter22\n'})
    expect(sent).toMatchObject({stdout: '', stderr: '', exitCode: 0})
    expect(await shown(home, session, /✓/)).toContain('\n8 letters\n')
    expect(logOf(home, session)).not.toContain('hunter22')
  },
)

test('each line of a secret waits until the terminal hides it', async () => {
  await using home = createHome()
  const command = 'read -s old; sleep 0.1; read -s new; echo "${#old} ${#new} letters"; read -e line'
  const {session, prompt} = await start(home, command)
  const stdin = 'hunter22\nhunter2222\nhunter3\n'
  const sent = await home.holdfast(['send', session, '--prompt', prompt, '--secret', '--timeout', '5000'], {stdin})
  expect(sent).toMatchObject({stderr: expect.stringContaining('reads key by key') as string, exitCode: 11})
  expect(await shown(home, session, /letters/)).toContain('\n8 10 letters\n')
  expect(logOf(home, session)).not.toContain('hunter')
})

test('a secret for a program of root, such as su, is not in the log', async () => {
  need('second user')
  await using home = createHome({launcher: secondUser})
  const {session, prompt} = await start(home, 'su -c true')
  const sent = await home.holdfast(['send', session, '--prompt', prompt, '--secret', 'hunter22'])
  expect(sent).toMatchObject({stderr: '', exitCode: 0})
  expect(await shown(home, session, /✗/)).toContain('Authentication failure')
  expect(logOf(home, session)).not.toContain('hunter22')
})

test.each([
  [
    'a program that shows it',
    'read name',
    'the terminal shows what is typed, so a secret would be visible: send it without --secret if it is none',
  ],
  [
    'a line editor',
    'read -e name',
    'the program reads key by key and may show the keys: without --secret, it gets them',
  ],
  ['a program that does not read', 'sleep 60', 'the program does not read its terminal'],
] as const)('a secret is refused for %s', async (_, command, reason) => {
  await using home = createHome()
  const {session, prompt} = await startBegun(home, command)
  const sent = await home.holdfast(['send', session, '--prompt', prompt, '--secret', '--timeout', '500', 'hunter22'])
  expect(sent).toMatchObject({
    stderr: `holdfast: nothing was sent: waited 0.5 s for the program to ask for a secret, but ${reason}\n`,
    exitCode: 11,
  })
  expect(logOf(home, session)).not.toContain('hunter22')
})

test('send waits until the program reads, and gives up after a while; Ctrl-C needs no reader', async () => {
  await using home = createHome()
  const {session} = await startBegun(home, 'sleep 60')
  expect(await home.holdfast(['send', session, '--timeout', '200', 'hello'])).toMatchObject({
    stderr:
      'holdfast: nothing was sent: waited 0.2 s for the program to read, but the program does not read its terminal\n',
    exitCode: 11,
  })
  expect(await home.holdfast(['send', session, '--no-enter', '\x03'])).toMatchObject({stderr: '', exitCode: 0})
  expect(await shown(home, session, /exit 130/)).not.toContain('hello')
})

test('a REPL reads line after line; without --prompt, they go to the running program', async () => {
  need('python3')
  await using home = createHome()
  const {session} = await start(home, 'python3 -q')
  await shown(home, session, />>> /)
  await home.holdfast(['send', session, 'print(6*7)'])
  await shown(home, session, /^42$/m)
  await home.holdfast(['send', session, '--no-enter', '\x04'])
  await shown(home, session, /✓/)
})

test('without words, stdin is sent unchanged', async () => {
  await using home = createHome()
  const {session, prompt} = await start(home, 'cat > out; wc -c < out')
  const lines = 'a line of some length\n'.repeat(3000)
  await home.holdfast(['send', session, '--prompt', prompt], {stdin: `${lines}\x04`})
  expect(await shown(home, session, /✓/)).toMatch(new RegExp(`^ *${lines.length}$`, 'm'))
})

test('send fails with one line if no program could read the input', async () => {
  await using home = createHome()
  const {session, prompt} = await start(home, 'true', ['--keep'])
  await shown(home, session, /✓/)
  expect(await home.holdfast(['send', session, 'hello'])).toMatchObject({
    stderr: `holdfast: no program runs in session ${session} that could read input\n`,
    exitCode: 4,
  })
  expect(await home.holdfast(['send', session, '--prompt', prompt, 'hello'])).toMatchObject({
    stderr: `holdfast: prompt ${prompt} does not run in session ${session}\n`,
    exitCode: 4,
  })
})
