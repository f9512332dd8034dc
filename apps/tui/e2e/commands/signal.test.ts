import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {until} from '../support/until.ts'

/** Starts a shell command in a session of its own. */
async function start(home: Home, command: string): Promise<string> {
  const {stdout} = await home.holdfast(['run', '--keep', '--tty', '--no-wait', '--', command])
  return stdout.split(/\s/)[0] ?? ''
}

const shows = async (home: Home, id: string, text: string) =>
  expect(await home.holdfast(['wait', id, '--text', text])).toMatchObject({stderr: '', exitCode: 0})

test('a signal reaches the program, by each of its names', async () => {
  await using home = createHome()
  const traps = ['USR1', 'TERM', 'INT', 'HUP'].map((name) => `trap "echo got ${name}" ${name}; `).join('')
  const id = await start(home, `sh -c '${traps} echo ready; while :; do sleep 0.05; done'`)
  await shows(home, id, 'ready')
  for (const [name, got] of [
    ['USR1', 'USR1'],
    ['sigterm', 'TERM'],
    ['2', 'INT'],
    ['Hup', 'HUP'],
  ] as const) {
    expect(await home.holdfast(['signal', id, name])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
    await shows(home, id, `got ${got}`)
  }
  expect(await home.holdfast(['signal', id, 'KILL'])).toMatchObject({exitCode: 0})
  expect(await home.holdfast(['wait', id, '--exit'])).toMatchObject({exitCode: 0})
  const {stdout} = await home.holdfast(['run', '--session', id, '--', 'echo $?'])
  expect(stdout).toBe('137\n')
})

test('all parts of a pipeline get a signal, and the shell keeps running', async () => {
  await using home = createHome()
  const id = await start(home, 'here=$$; sh -c "echo ready >&2; sleep 1000" | sleep 1000 | sleep 1000')
  await shows(home, id, 'ready')
  await until(
    async () => {
      await home.holdfast(['signal', id, 'TERM'])
      return (await home.holdfast(['wait', id, '--exit', '--timeout', '100'])).exitCode === 0
    },
    {what: 'the end of the pipeline'},
  )
  expect((await home.holdfast(['run', '--session', id, '--', 'test $here = $$ && echo same'])).stdout).toBe('same\n')
})

test('errors of signal say what was expected', async () => {
  await using home = createHome()
  const id = await start(home, 'cat')
  await until(async () => (await home.holdfast(['signal', id, 'WINCH'])).exitCode === 0, {what: 'cat'})
  for (const name of ['NONE', '99', ''])
    expect(await home.holdfast(['signal', id, name])).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/expected .*\n$/i) as string,
      exitCode: expect.any(Number) as number,
    })
  expect((await home.holdfast(['signal', id, 'NONE'])).stderr).toBe(
    'holdfast: expected a signal such as TERM, SIGINT or 15, got `NONE`\n',
  )
  await home.holdfast(['signal', id, 'TERM'])
  await home.holdfast(['wait', id, '--exit'])
  expect(await home.holdfast(['signal', id, 'TERM'])).toMatchObject({
    stderr: 'holdfast: no program is running: run a command first\n',
  })
})

test('a mark stands between what was printed before it and after it, in what show, export and search print', async () => {
  await using home = createHome()
  const id = await start(home, 'echo before; cat')
  await shows(home, id, 'before')
  expect(await home.holdfast(['mark', id, 'half', 'way\nthere'])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  await home.holdfast(['keys', id, 'after', 'Enter', 'C-d'])
  await home.holdfast(['wait', id, '--exit'])
  expect((await home.holdfast(['show', id])).stdout).toMatch(/before\n[^]*Mark: half way ⏎ there\n[^]*after/)
  expect((await home.holdfast(['export', id])).stdout).toMatch(/before\n[^]*\nMark: half way ⏎ there\n[^]*after/)
  expect((await home.holdfast(['search', 'half', 'way'])).stdout).toContain('half way ⏎ there')
  expect((await home.holdfast(['show', '--json', id])).stdout).toContain('"payload":{"name":"half way ⏎ there"}')
  expect(await home.holdfast(['mark', id, ' '])).toMatchObject({
    stderr: 'holdfast: expected a name with a visible character\n',
  })
  expect(await home.holdfast(['mark', id, 'x'.repeat(201)])).toMatchObject({
    stderr: 'holdfast: name: expected at most 200 characters\n',
    exitCode: 2,
  })
  await home.holdfast(['close', id])
  expect((await home.holdfast(['mark', id, 'late'])).exitCode).not.toBe(0)
})

test('snapshot --scrollback prints rows above the screen', async () => {
  await using home = createHome()
  const id = await start(home, 'seq 1 2000; echo end; cat')
  await shows(home, id, 'end')
  const rows = async (...options: string[]) =>
    (await home.holdfast(['snapshot', id, ...options])).stdout.split('\n').filter((row) => row !== '')
  const screen = await rows()
  expect(screen.at(-1)).toBe('end')
  const more = await rows('--scrollback', '3')
  const top = Number(screen[0])
  expect(more).toEqual([`${top - 3}`, `${top - 2}`, `${top - 1}`, ...screen])
  expect((await rows('--scrollback', '1000'))[0]).toBe(`${top - 1000}`)
  expect(await home.holdfast(['snapshot', id, '--scrollback', '1001'])).toMatchObject({
    stderr: expect.stringContaining('Expected 0 to 1000') as string,
    exitCode: 2,
  })
})
