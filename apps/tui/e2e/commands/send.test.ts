import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {until} from '../support/until.ts'

/** Starts a command that goes on; gives the ids of its session and its prompt. */
async function start(home: Home, command: string): Promise<{session: string; prompt: string}> {
  const {stdout} = await home.holdfast(['run', '--no-wait', '--', command])
  const [session = '', prompt = ''] = stdout.trim().split(' ')
  return {session, prompt}
}

/** What a session shows, once it does. */
async function shown(home: Home, session: string, what: RegExp): Promise<string> {
  return await until(
    async () => {
      const {stdout} = await home.holdfast(['show', session])
      return what.test(stdout) && stdout
    },
    {what: String(what)},
  )
}

test('words are typed, with Enter, for the program of a prompt, also before it has begun', async () => {
  await using home = createHome()
  const {session, prompt} = await start(home, 'read line; echo "got [$line]"')
  const sent = await home.holdfast(['send', session, '--prompt', prompt, 'two', 'words'])
  expect(sent).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  expect(await shown(home, session, /✓/)).toContain('got [two words]\n')
})

test('a password is answered, and is nowhere in what is kept', async () => {
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

test('a REPL takes line after line; without --prompt they are for what runs', async () => {
  need('python3')
  await using home = createHome()
  const {session} = await start(home, 'python3 -q')
  await shown(home, session, />>> /)
  await home.holdfast(['send', session, 'print(6*7)'])
  await shown(home, session, /^42$/m)
  await home.holdfast(['send', session, '--no-enter', '\x04'])
  await shown(home, session, /✓/)
})

test('what stdin says is sent as it is', async () => {
  await using home = createHome()
  const {session, prompt} = await start(home, 'cat > out; wc -c < out')
  const lines = 'a line of some length\n'.repeat(3000)
  await home.holdfast(['send', session, '--prompt', prompt], {stdin: `${lines}\x04`})
  expect(await shown(home, session, /✓/)).toMatch(new RegExp(`^ *${lines.length}$`, 'm'))
})

test('what no program could take is refused with a sentence', async () => {
  await using home = createHome()
  const {session, prompt} = await start(home, 'true')
  await shown(home, session, /✓/)
  expect(await home.holdfast(['send', session, 'hello'])).toMatchObject({
    stderr: `holdfast: nothing runs in session ${session} that could read input\n`,
    exitCode: 1,
  })
  expect(await home.holdfast(['send', session, '--prompt', prompt, 'hello'])).toMatchObject({
    stderr: `holdfast: prompt ${prompt} does not run in session ${session}\n`,
    exitCode: 1,
  })
})
