import {existsSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {eventsOf} from '../support/events-of.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'

const lateGateway = fileURLToPath(new URL('../fixtures/late-gateway.mjs', import.meta.url))

/** Starts a run, up to when the command runs although `run` does not know it yet. */
async function startUnanswered(home: Home) {
  const env = {HOLDFAST_GATEWAY: lateGateway, HOLDFAST_CLI: cli}
  const run = home.startHoldfast(['run', '--', 'touch ran; sleep 1000'], {env})
  const isThere = (file: string) => existsSync(`${home.project}/${file}`)
  await until(() => isThere('submitted') && isThere('ran'), {what: 'the command'})
  return run
}

test('Ctrl-C before the answer that the command was accepted interrupts it', async () => {
  await using home = createHome()
  const run = await startUnanswered(home)
  run.child.kill('SIGINT')
  writeFileSync(`${home.project}/answer`, '')
  expect(await run.ended).toMatchObject({exitCode: 130, signal: null, stderr: ''})
  const [{id}] = await sessionsOf(home)
  expect((await eventsOf(home, id)).find(({type}) => type === 'message.complete')).toMatchObject({
    payload: {status: 'interrupted', exit_code: 130},
  })
})

test.for([
  ['another Ctrl-C', 'SIGINT', 130],
  ['SIGTERM', 'SIGTERM', 143],
  ['SIGHUP', 'SIGHUP', 129],
] as const)(
  '%s does not wait for that answer, and says where the command may be running',
  async ([, signal, status]) => {
    await using home = createHome()
    const run = await startUnanswered(home)
    const isSaid = () => {
      if (run.stderr === '') run.child.kill(signal)
      return run.stderr !== ''
    }
    await until(isSaid, {what: 'a message'})
    const {exitCode, stderr} = await run.ended
    const [{id, state}] = await sessionsOf(home)
    expect({exitCode, state}).toEqual({exitCode: status, state: 'running'})
    expect(stderr).toBe(
      `holdfast: the command may be running in session ${id}; \`holdfast show ${id} --follow\` prints its output\n`,
    )
  },
)

test('Ctrl-C takes a command that waits out of the queue, and does not interrupt the one that runs', async () => {
  await using home = createHome()
  const first = await home.holdfast([
    'run',
    '--keep',
    '--no-wait',
    '--',
    'until [ -e go ]; do sleep 0.01; done; echo whole',
  ])
  const id = first.stdout.split(' ')[0]!
  const run = home.startHoldfast(['run', '--session', id, '--json', '--', 'touch ran'])
  await until(() => run.stdout.includes('prompt.queued'), {what: 'the queue'})
  run.child.kill('SIGINT')
  expect(await run.ended).toMatchObject({
    exitCode: 130,
    stderr: 'holdfast: cancelled: it was removed from the queue\n',
  })
  writeFileSync(`${home.project}/go`, '')
  const last = await home.holdfast(['run', '--session', id, '--', 'ls'])
  expect(last).toMatchObject({stdout: 'go\n', exitCode: 0})
  expect((await home.holdfast(['show', id])).stdout).toContain('whole')
})
