import {setTimeout as delay} from 'node:timers/promises'

import {createClient, type ClientSession} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {filesWith} from '../support/files-with.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {until} from '../support/until.ts'

const secret = 'hunter2swordfish'
/** When a user has typed it, after the question is on the screen, ms. */
const moments = [0, 5, 20, 50, 100, 200]
const maybeSecret = {code: errorCodes.maybeSecret}

interface Opened extends AsyncDisposable {
  session: ClientSession
  /** Runs a command until it has printed this. */
  begin(command: string, question: string): Promise<void>
  /** Ends what runs. */
  end(): Promise<void>
}

async function openSession(home: Home, shell: string): Promise<Opened> {
  const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway'], env: home.env})})
  const id = await client.createSession({cwd: home.project, shell})
  let printed = ''
  const session = await client.openSession(id, {
    onEvent: (event) => void (event.type === 'message.delta' && (printed += event.payload.text ?? '')),
  })
  const untilIdle = () => until(() => session.state.running === null, {what: 'the end of the program'})
  return {
    session,
    [Symbol.asyncDispose]: () => client.close(),
    async begin(command, question) {
      printed = ''
      await session.submit(command)
      await until(() => printed.includes(question), {what: `\`${question}\` of \`${command}\``})
    },
    async end() {
      await session.input(Buffer.from('\r'))
      await session.interrupt()
      await untilIdle()
      await session.submit('stty echo')
      await untilIdle()
    },
  }
}

/** What a composer does that has learned of nothing yet: it saves the draft and submits it. */
async function typeSecret(session: ClientSession, hiddenAt: number): Promise<void> {
  expect(await session.setDraft(secret, {hiddenAt})).toEqual({stored: false})
  expect(await session.setDraft(secret)).toEqual({stored: false})
  await expect(session.submit(secret, {hiddenAt})).rejects.toMatchObject(maybeSecret)
  await expect(session.submit(secret, {hiddenAt, ifInput: 'none'})).rejects.toMatchObject(maybeSecret)
}

async function expectNowhere(home: Home, opened: Opened): Promise<void> {
  expect(filesWith(home, secret)).toEqual([])
  expect((await home.holdfast(['search', secret])).stdout).toBe('')
  await opened[Symbol.asyncDispose]()
  await home.holdfast(['close', opened.session.id])
  await until(() => home.processes().length === 0, {what: 'the end of all processes'})
  expect(filesWith(home, secret)).toEqual([])
}

const getpass = `python3 -c 'import getpass; getpass.getpass("secret? ")'`
const sudo = 'setpriv --reuid 65534 --regid 65534 --clear-groups sudo -p "secret? " true'

test.for([
  ['bash', 'read -sp "secret? " x'],
  ['zsh', 'read -s "x?secret? "'],
  ['fish', 'read -s -P "secret? " x'],
  ['dash', 'stty -echo; printf "secret? "; read x'],
] as const)('%s: a secret that is typed into a prompt is in no file, whenever it is typed', async ([name, read]) => {
  const shell = need(name)
  need('python3')
  await using home = createHome()
  await using opened = await openSession(home, shell)
  const {session, begin, end} = opened
  for (const ms of moments) {
    for (const program of [read, getpass]) {
      const {hiddenAt} = session
      await begin(program, 'secret? ')
      await delay(ms)
      await typeSecret(session, hiddenAt)
      await end()
    }
  }
  // What is typed afterwards is stored.
  await session.submit('echo done', {hiddenAt: session.hiddenAt, ifInput: 'none'})
  expect(await session.setDraft('a draft', {hiddenAt: session.hiddenAt})).toEqual({stored: true})
  await expectNowhere(home, opened)
})

test.for([
  ['bash', 'read -rsn 6 -p "secret? " p'],
  ['zsh', 'read -sk 6 "p?secret? "'],
] as const)('%s: a PIN that is read key by key, and typed into a prompt, is in no file', async ([name, read]) => {
  const shell = need(name)
  await using home = createHome()
  await using opened = await openSession(home, shell)
  const {session, begin, end} = opened
  for (const ms of [0, 20, 50]) {
    const {hiddenAt} = session
    await begin(read, 'secret? ')
    await delay(ms)
    await typeSecret(session, hiddenAt)
    expect(await session.look()).toBe('terminal')
    await end()
  }
  await expectNowhere(home, opened)
})

test('beside an editor of lines with an echo of its own, and a nested shell, drafts and prompts are stored', async () => {
  need('python3')
  await using home = createHome()
  await using opened = await openSession(home, 'bash')
  const {session, begin} = opened
  for (const [program, prompt, input, end] of [
    ['python3 -q', '>>> ', 'line', 'exit()\r'],
    ['PS1="nested: " bash --norc', 'nested: ', 'terminal', 'exit\r'],
  ] as const) {
    const {hiddenAt} = session
    await begin(program, prompt)
    await until(async () => (await session.look()) === input, {what: `\`${program}\` to read`})
    expect(await session.setDraft('a draft', {hiddenAt})).toEqual({stored: true})
    await session.submit('echo next', {hiddenAt, ifInput: input})
    await session.input(Buffer.from(end))
    await until(() => session.state.running === null, {what: 'the end of the program'})
  }
})

test('a password that is typed for sudo into a prompt is in no file', async () => {
  need('sudo')
  need('second user')
  await using home = createHome()
  await using opened = await openSession(home, 'bash')
  const {session, begin, end} = opened
  for (const ms of moments) {
    const {hiddenAt} = session
    await begin(sudo, 'secret? ')
    await delay(ms)
    await typeSecret(session, hiddenAt)
    await end()
  }
  await expectNowhere(home, opened)
})

test('a secret is refused after the program has given up waiting for it', async () => {
  await using home = createHome()
  await using opened = await openSession(home, 'bash')
  const {session, begin, end} = opened
  const {hiddenAt} = session
  await begin('read -t 0.5 -sp "secret? "; echo; echo over; sleep 60', 'secret? ')
  // The first key asks what the program reads.
  expect(await session.look()).toBe('hidden')
  await until(async () => (await session.look()) === 'none', {what: 'the program to give up'})
  expect(await session.setDraft(secret, {hiddenAt})).toEqual({stored: false})
  await expect(session.submit(secret, {hiddenAt})).rejects.toMatchObject(maybeSecret)
  await session.submit('echo next', {hiddenAt: session.hiddenAt, ifInput: 'none'})
  await end()
  await expectNowhere(home, opened)
})

test('a prompt for a program that reads nothing is refused once it reads a line', async () => {
  await using home = createHome()
  await using opened = await openSession(home, 'bash')
  const {session, begin, end} = opened
  await begin('read -p "name? "', 'name? ')
  const answer = session.submit('make', {hiddenAt: session.hiddenAt, ifInput: 'none'})
  await expect(answer).rejects.toMatchObject({code: errorCodes.inputChanged})
  await end()
})
