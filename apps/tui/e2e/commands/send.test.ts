import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {until} from '../support/until.ts'

/** Starts a command that keeps running; returns the ids of its session and its prompt. */
async function start(home: Home, command: string): Promise<{session: string; prompt: string}> {
  const {stdout} = await home.holdfast(['run', '--no-wait', '--', command])
  const [session = '', prompt = ''] = stdout.trim().split(' ')
  return {session, prompt}
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

test('send answers a password prompt; the password is not in the log', async () => {
  need('python3')
  await using home = createHome()
  const command = `python3 -c 'import getpass; print(len(getpass.getpass("secret? ")))'`
  const {session, prompt} = await start(home, command)
  await shown(home, session, /secret\? /)
  await home.holdfast(['send', session, '--prompt', prompt, 'hunter22'])
  const transcript = await shown(home, session, /✓/)
  expect(transcript).toContain('\n8\n')
  expect(transcript).not.toContain('hunter22')
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
  const {session, prompt} = await start(home, 'true')
  await shown(home, session, /✓/)
  expect(await home.holdfast(['send', session, 'hello'])).toMatchObject({
    stderr: `holdfast: no program runs in session ${session} that could read input\n`,
    exitCode: 1,
  })
  expect(await home.holdfast(['send', session, '--prompt', prompt, 'hello'])).toMatchObject({
    stderr: `holdfast: prompt ${prompt} does not run in session ${session}\n`,
    exitCode: 1,
  })
})
