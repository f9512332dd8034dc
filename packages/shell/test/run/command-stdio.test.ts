import {randomBytes} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'

import {describe, expect, test} from 'vitest'

import {openCommandStdin, type CommandStdin} from '../../src/index.ts'
import {SHELLS, temporaryFolder, temporaryShell} from '../fixtures/temporary-shell.ts'
import {whenPrinted} from '../fixtures/when-printed.ts'

/** Bytes on which a terminal would act, among others. */
const bytes = Buffer.concat([Buffer.from([...Array(256).keys()]), randomBytes(400_000), Buffer.from('\x04\x03\n\x04')])

async function feed(stdin: CommandStdin, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length; at += 65_536) {
    stdin.write(data.subarray(at, at + 65_536))
    while (stdin.waitingBytes > 0) await stdin.drained()
  }
  stdin.end()
}

describe.each(SHELLS)('%s', (name) => {
  const isFish = name === 'fish'
  const setAndExport = (variable: string, value: string) =>
    isFish ? `set -gx ${variable} ${value}` : `export ${variable}=${value}`
  const status = isFish ? '$status' : '$?'

  test('a command reads exactly the bytes of a pipe, and its end', async () => {
    const {run} = await temporaryShell('', {name})
    const folder = await temporaryFolder()
    const stdin = await openCommandStdin(folder)
    const [{output, outcome}] = await Promise.all([
      run(`cat > ${folder}/copy; cd /usr; (exit 4)`.replace('(exit 4)', isFish ? 'false' : '(exit 4)'), {
        stdin: stdin.path,
      }),
      feed(stdin, bytes),
    ])
    expect({output, outcome}).toEqual({output: '', outcome: {kind: 'completed', exitCode: isFish ? 1 : 4, cwd: '/usr'}})
    expect(readFileSync(`${folder}/copy`).equals(bytes)).toBe(true)
    expect(readdirSync(folder)).toEqual(['copy'])
    expect((await run('read line', {stdin: '/dev/null'})).outcome).toMatchObject({exitCode: 1})
    expect((await run(`echo status ${status}`, {stdin: '/dev/null', isPlain: true})).output).toBe('status 1\r\n')
  })

  test('a command of several lines reads one stdin; a text without a command needs none', async () => {
    const {run} = await temporaryShell('', {name})
    const stdin = await openCommandStdin(await temporaryFolder())
    const [{output}] = await Promise.all([
      run('read one\n# between\nread two; echo "$two $one"', {stdin: stdin.path}),
      feed(stdin, Buffer.from('a\nb\n')),
    ])
    expect(output).toBe('b a\r\n')
    expect((await run('# nothing', {stdin: '/dev/null'})).output).toBe('')
  })

  test('a command without a terminal has another environment, which ends with it', async () => {
    const {run} = await temporaryShell(`${setAndExport('PAGER', 'less')}\n${setAndExport('LS_COLORS', 'x')}`, {name})
    const show = String.raw`sh -c 'echo "$PAGER,$GIT_PAGER,$TERM,$NO_COLOR,$LS_COLORS,$COLORTERM,"'`
    const before = (await run(show)).output
    expect(before).toMatch(/^less,,xterm-256color,,x,/)
    expect((await run(show, {isPlain: true})).output).toBe('cat,cat,dumb,1,,,\r\n')
    expect((await run(show)).output).toBe(before)
    // What the command itself changes stays.
    await run(setAndExport('PAGER', 'most'), {isPlain: true})
    expect((await run(show)).output).toBe(before.replace('less', 'most'))
  })

  test('the environment ends with a command that Ctrl-C ends, too', async () => {
    const {shell, run} = await temporaryShell(setAndExport('PAGER', 'less'), {name})
    const interrupted = run(`sh -c 'echo begun; exec sleep 1000'; echo not`, {
      isPlain: true,
      ...whenPrinted('begun', shell.interrupt),
    })
    expect((await interrupted).outcome).toMatchObject({exitCode: 130})
    expect((await run(`sh -c 'echo $PAGER $TERM'`)).output).toBe('less xterm-256color\r\n')
  })
})

test('a pipe that no command opens leaves nothing behind, and holds no process up', async () => {
  const folder = await temporaryFolder()
  const stdin = await openCommandStdin(folder)
  stdin.write(Buffer.from('unread'))
  stdin.close()
  await expect.poll(() => readdirSync(folder)).toEqual([])
})
