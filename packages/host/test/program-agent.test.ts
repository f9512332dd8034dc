import {expect, test} from 'vitest'

import {createProgramAgent} from '../src/agent/program-agent.ts'

/** Runs a script of sh in a session of its own. */
function start(script: string) {
  const agent = createProgramAgent({
    program: ['sh', '-c', script],
    cwd: '/usr',
    size: {cols: 90, rows: 20},
    env: {NAME: 'Ada'},
  })
  let printed = ''
  const waiting: {text: string; resolve(): void}[] = []
  const outcome = agent.prompt('the program', {
    onStart() {},
    onOutput(data) {
      printed += Buffer.from(data).toString()
      for (const {text, resolve} of waiting) if (printed.includes(text)) resolve()
    },
    onText() {},
    onApproval() {},
  })
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      waiting.push({text, resolve})
      if (printed.includes(text)) resolve()
    })
  return {agent, outcome, until, printed: () => printed}
}

// What it prints shows that it is the program that waits: sh may lose a Ctrl-C between two commands.
const waits = 'exec tail -n +1 -f /etc/passwd'

test('a program runs in its folder with its variables and its size, and its status is that of the prompt', async () => {
  const {outcome, printed} = start('echo "$NAME"; pwd; stty size; exit 3')
  expect(await outcome).toEqual({status: 'complete', exitCode: 3})
  expect(printed()).toBe('Ada\r\n/usr\r\n20 90\r\n')
})

test('a signal counts as an exit status; a user who sent it has interrupted the program', async () => {
  const killed = start('kill -9 $$')
  expect(await killed.outcome).toEqual({status: 'complete', exitCode: 137})
  const ended = start(waits)
  await ended.until('root:')
  expect(ended.agent.signal?.('SIGTERM')).toBe(true)
  expect(await ended.outcome).toEqual({status: 'complete', exitCode: 143})
  expect(ended.agent.signal?.('SIGTERM')).toBe(false)
  const interrupted = start(waits)
  await interrupted.until('root:')
  interrupted.agent.interrupt()
  expect(await interrupted.outcome).toEqual({status: 'interrupted', reason: 'user', exitCode: 130})
})

test('what is typed reaches the program, and nothing after its end', async () => {
  const {agent, outcome, until, printed} = start('echo ready; read -r line; echo "got $line"')
  await until('ready')
  expect(agent.input(Buffer.from('a line\r'))).toBe(true)
  expect(await outcome).toEqual({status: 'complete', exitCode: 0})
  expect(printed()).toContain('got a line')
  expect(agent.input(Buffer.from('more\r'))).toBe(false)
  expect(await agent.look?.()).toEqual({input: 'none', mayBeSecret: false})
})
