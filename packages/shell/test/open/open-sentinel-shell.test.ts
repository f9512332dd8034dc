import {chmodSync, copyFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {expect, test} from 'vitest'

import {pathOf, temporaryFolder, temporaryShell} from '../fixtures/temporary-shell.ts'
import {whenPrinted} from '../fixtures/when-printed.ts'

/** A shell with an unknown name. */
async function unknownShell() {
  const path = join(await temporaryFolder(), 'unknown-shell')
  copyFileSync(pathOf('dash'), path)
  return temporaryShell('', {path})
}

test('an unknown shell uses the sentinel strategy', async () => {
  const {run, shell, home} = await unknownShell()
  expect(shell.strategy).toBe('sentinel')
  const {output, outcome} = await run('echo hi; (exit 7)')
  expect(outcome).toEqual({kind: 'completed', exitCode: 7, cwd: home})
  expect(output).toContain('hi\r\n')
  expect((await run('echo "it is $?"')).output).toContain('it is 7\r\n')
})

test('the typed postamble is not in the output', async () => {
  const {run} = await unknownShell()
  expect((await run('echo one\nsleep 0.05\necho two')).output).not.toMatch(/eval|printf|\$\?/)
})

test('no byte of a postamble is shown, and none of a job is displaced, where the job interrupts the echo', async () => {
  const {run, home} = await unknownShell()
  writeFileSync(
    join(home, 'job.cjs'),
    `let at = 0
     const print = () => {
       // The terminal may be full.
       try { for (let i = 0; i < 5; i++) { require('node:fs').writeSync(1, '<' + at + (at % 5 === 4 ? '>\\n' : '>')); at += 1 } } catch {}
       setImmediate(print)
     }
     print()`,
  )
  let all = ''
  const onOutput = (data: Uint8Array) => void (all += Buffer.from(data).toString())
  await run(`'${process.execPath}' job.cjs &`)
  for (let runs = 0; runs < 260; runs++) await run('echo hi', {onOutput})
  // Without the prompts, and the echo and the output of the command, which may be torn.
  const whole = all.slice(all.indexOf('<'), all.lastIndexOf('<'))
  const tokens = whole.replaceAll(/[echoi# \r\n]/g, '').match(/<\d*>?|[^<]+/g) ?? []
  const first = Number(tokens[0]?.slice(1, -1))
  expect(tokens.filter((token, at) => token !== `<${first + at}>`)).toEqual([])
})

test('output that ends with a backslash, or like the beginning of a sentinel, is shown while the command runs', async () => {
  const {run, home} = await unknownShell()
  let output = ''
  const command = String.raw`printf 'C:\\'; until [ -e one ]; do sleep 0.01; done; printf '\033'; until [ -e two ]; do sleep 0.01; done`
  const ended = run(command, {onOutput: (data) => void (output += Buffer.from(data).toString())})
  await expect.poll(() => output).toMatch(/C:\\$/)
  writeFileSync(join(home, 'one'), '')
  await expect.poll(() => output.endsWith('C:\\\x1b')).toBe(true)
  writeFileSync(join(home, 'two'), '')
  expect((await ended).output).not.toMatch(/eval|_[0-9a-f]{8}/)
})

test('Ctrl-C ends a command, although the terminal discards text typed ahead', async () => {
  const {run, shell} = await unknownShell()
  const running = run('echo go; sleep 300', whenPrinted('go\r\n', shell.interrupt))
  expect((await running).outcome).toMatchObject({kind: 'completed', exitCode: 130})
  expect((await run('echo next')).output).toContain('next\r\n')
})

/** Reads a line after each Ctrl-C and forgets it, as bash does if the Ctrl-C comes at a bad moment. */
const FORGETFUL = `#!/bin/sh
forgets=
trap 'forgets=1' INT
while IFS= read -r line; do
  if [ "$forgets" ]; then forgets=; else eval "$line"; fi
done
`

test('Ctrl-C ends a command, although the shell forgets what is typed next', async () => {
  const path = join(await temporaryFolder(), 'forgetful-shell')
  writeFileSync(path, FORGETFUL)
  chmodSync(path, 0o755)
  const {run, shell} = await temporaryShell('', {path})
  const running = run('echo go; sleep 300', whenPrinted('go\r\n', shell.interrupt))
  expect((await running).outcome).toMatchObject({kind: 'completed'})
})

test('what a background job prints while the shell draws its prompt is recorded, once and in order', async () => {
  const {run, shell} = await unknownShell()
  let all = ''
  const onOutput = (data: Uint8Array) => void (all += Buffer.from(data).toString())
  shell.onBackgroundOutput(onOutput)
  await run(`sh -c 'for i in $(seq 150); do echo "<$i>"; sleep 0.005; done' &`, {onOutput})
  for (let runs = 0; !all.includes('<150>'); runs++) {
    await run('true', {onOutput})
    // Up to when the prompt is certainly drawn.
    await delay(runs % 60)
  }
  expect(all.match(/<\d+>/g)).toEqual(Array.from({length: 150}, (_, at) => `<${at + 1}>`))
})

test('the end of the shell is reported', async () => {
  const {run, shell} = await unknownShell()
  expect((await run('exit 3')).outcome).toEqual({kind: 'exited', exitCode: 3, signal: undefined})
  await expect(run('echo hi')).rejects.toMatchObject({code: 'closed'})
  expect(await shell.closed).toEqual({exitCode: 3, signal: undefined})
})

test('one command at a time', async () => {
  const {run, shell} = await unknownShell()
  const first = run('sleep 300')
  await expect(run('echo hi')).rejects.toMatchObject({code: 'busy'})
  shell.interrupt()
  await first
})
