import {existsSync, readFileSync, writeFileSync} from 'node:fs'

import {describe, expect, test} from 'vitest'

import {cli, createHome, type Home} from '../support/home.ts'
import {pasted} from '../support/key-bytes.ts'
import {waitForExit} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTalk, type TalkTerminal} from '../support/talk-terminal.ts'
import {until} from '../support/until.ts'

const terms = ['dumb', 'xterm-256color']

/** A command that runs until the test ends it. */
const untilGo = 'echo begun; until [ -e go ]; do sleep 0.01; done'

function letGo(home: Home): void {
  writeFileSync(`${home.project}/go`, '')
}

async function startLasting(talk: TalkTerminal): Promise<void> {
  talk.type(`${untilGo}\r`)
  await talk.waitFor(/^begun$/m)
}

/** The text of the terminal, with constants for its ids, times and folders. */
function stableText(talk: TalkTerminal, home: Home): string {
  return talk
    .scrollback()
    .replaceAll(home.project, 'FOLDER')
    .replaceAll(/Session \w{10}:/g, 'Session ID:')
    .replaceAll(/--resume \w{10}/g, '--resume ID')
    .replaceAll(/, \d+\.\d s/g, '')
    .replaceAll(/ +$/gm, '')
}

test.for(terms)('talk prints a readable conversation, with TERM=%s', async (TERM) => {
  await using home = createHome()
  await using talk = await openTalk(home, ['talk'], {env: {TERM}})
  await talk.enter('echo hello')
  await talk.enter('printf "no end"; false')
  await talk.enter('for i in 1 2; do')
  await talk.enter('  echo $i')
  await talk.enter('done')
  await talk.enter('/nope')
  talk.type('/quit\r')
  expect(await talk.exited).toBe(0)
  await expect(stableText(talk, home)).toMatchFileSnapshot('../screens/talk.txt')
  expect(talk.modes()).toEqual(talk.modesBefore)
})

test.for(terms)(
  'sentences are wrapped at words, and a result is told before what follows from it, with TERM=%s',
  async (TERM) => {
    await using home = createHome()
    await using talk = await openTalk(home, ['talk'], {env: {TERM}, cols: 50})
    talk.type('exit 3\r')
    await talk.waitFor(/Holdfast\.\n> ?$/m)
    await talk.enter('echo next')
    const rows = talk.screen()
    expect(rows.replaceAll(/ +$/gm, '')).toMatch(
      /^> exit 3\nexit 3.*\n(?:> ?\n)?The shell exited with 3\. The next command gets a\nnew one in the same folder; variables, functions\nand aliases are gone\. Ctrl-D leaves Holdfast\.\n> echo next\nnext\nexit 0/m,
    )
  },
)

test('a full-screen program: a line says how to attach to it', async () => {
  await using home = createHome()
  await using talk = await openTalk(home)
  talk.type("printf '\\033[?1049h'; read key; printf '\\033[?1049l'\r")
  await talk.waitFor('This program draws on the whole screen')
  const [{id}] = await sessionsOf(home)
  expect(talk.screen()).toContain(`To use it, attach in another terminal: holdfast attach ${id}`)
  talk.type('q\r')
  await talk.waitFor(/^exit 0/m)
  talk.press('ctrl-d')
  await talk.exited
})

test('a dumb terminal gets no control characters but line ends', async () => {
  await using home = createHome()
  await using talk = await openTalk(home, ['talk'], {env: {TERM: 'dumb'}})
  await talk.enter("printf '\\033[31mred\\033[0m\\n10%%\\r50%%\\r100%%\\n'")
  talk.type('read -p "Name: " name; echo $name\r')
  await talk.waitFor(/^Name:$/m)
  talk.type('Ada\r')
  await talk.waitFor(/^Ada\nexit 0/m)
  talk.press('ctrl-d')
  await talk.exited
  // oxlint-disable-next-line no-control-regex -- this checks for control characters
  expect(talk.written().replaceAll('\r\n', '\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(talk.lines()).toEqual(expect.arrayContaining(['red', '100%']))
})

describe('keys while a command runs', () => {
  test.for(terms)('go to the program, with TERM=%s', async (TERM) => {
    await using home = createHome()
    await using talk = await openTalk(home, ['talk'], {env: {TERM}})
    talk.type('echo name?; read x; echo "<$x>"\r')
    await talk.waitFor(/^name\?$/m)
    talk.type('Adb\u007fa\r')
    await talk.waitFor(/^<Ada>$/m)
    await talk.enter('echo more')
    expect(talk.lines()).toContain('more')
  })

  test.for(terms)('stay hidden when the program asks for a password, with TERM=%s', async (TERM) => {
    await using home = createHome()
    await using talk = await openTalk(home, ['talk'], {env: {TERM}})
    talk.type('read -sp "Password: " x; echo; echo ${#x}\r')
    await talk.waitFor(/^Password:$/m)
    talk.type('tell-nobody\r')
    await talk.waitFor(/^11$/m)
    expect(talk.written()).not.toContain('nobody')
  })

  test('arrive completely, even a large paste', async () => {
    await using home = createHome()
    await using talk = await openTalk(home)
    talk.type('stty -echo; echo ready; head -n 400 > pasted; stty echo\r')
    await talk.waitFor(/^ready$/m)
    const lines = Array.from({length: 400}, (_, at) => `line ${at} ${'x'.repeat(40)}`)
    talk.type(lines.map((line) => `${line}\r`).join(''))
    await talk.waitFor(/^exit 0.*\n>/m)
    expect(readFileSync(`${home.project}/pasted`, 'utf8').split('\n').slice(0, -1)).toEqual(lines)
  })

  test.for(terms)('Ctrl-C interrupts the command, and the conversation continues, with TERM=%s', async (TERM) => {
    await using home = createHome()
    await using talk = await openTalk(home, ['talk'], {env: {TERM}})
    talk.type('echo begun; sleep 60\r')
    await talk.waitFor(/^begun$/m)
    talk.press('ctrl-c')
    await talk.waitFor(/^interrupted, exit 130.*\n>/m)
    await talk.enter('echo more')
  })

  test('Ctrl-D leaves the command running; on return, talk says so, and keys go to it', async () => {
    await using home = createHome()
    await using talk = await openTalk(home)
    talk.type('echo begun; read x; echo "<$x>"\r')
    await talk.waitFor(/^begun$/m)
    talk.press('ctrl-d')
    expect(await talk.exited).toBe(0)
    const [{id, state}] = await sessionsOf(home)
    expect(state).toBe('running')
    expect(talk.lines().at(-1)).toBe(`The command is still running: holdfast talk --resume ${id}`)
    expect(talk.modes()).toEqual(talk.modesBefore)

    await using again = await openTalk(home, ['talk', '--resume', id], {isBusy: true})
    await again.waitFor('This command is running, and what you type is its input: echo begun')
    again.type('Ada\r')
    await again.waitFor(/^<Ada>\nexit 0.*\n>/m)
    expect(again.scrollback()).toContain(`Earlier output: holdfast show ${id}`)
  })
})

test('a paste of several lines is one prompt, which Enter runs and Ctrl-C drops', async () => {
  await using home = createHome()
  await using talk = await openTalk(home)
  talk.type(`echo ${pasted('one\ntouch two # é\necho th')}`)
  await talk.waitFor(/^> echo one\n\.\.\. touch two # é\n\.\.\. echo th$/m)
  expect(existsSync(`${home.project}/two`)).toBe(false)
  talk.type('ree\r')
  await talk.waitFor(/^\.\.\. echo three\none\nthree\nexit 0.*\n> *$/m)
  expect(existsSync(`${home.project}/two`)).toBe(true)

  talk.type(pasted('touch never\ntouch neither'))
  await talk.waitFor(/^> touch never\n\.\.\. touch neither$/m)
  talk.press('ctrl-c')
  await talk.waitFor(/^\.\.\. *\n> *$/m)
  talk.type(pasted('if true; then\n'))
  await talk.waitFor(/^> if true; then\n\.\.\. *$/m)
  talk.type('\r')
  await talk.waitFor(/^\.\.\. *\n\.\.\. *$/m)
  talk.type('echo in""side; fi\r')
  await talk.waitFor(/^inside\nexit 0.*\n> *$/m)
  expect([existsSync(`${home.project}/never`), existsSync(`${home.project}/neither`)]).toEqual([false, false])
  talk.type('/quit\r')
  expect(await talk.exited).toBe(0)
  expect(talk.modes()).toEqual(talk.modesBefore)
})

test.for(terms)('pasted lines run one by one, with TERM=%s', async (TERM) => {
  await using home = createHome()
  await using talk = await openTalk(home, ['talk'], {env: {TERM}})
  talk.type('if false; then\r  touch ruin\rfi\rx=5\recho "<$x>"\r')
  await talk.waitFor(/^<5>\nexit 0.*\n>/m)
  expect(existsSync(`${home.project}/ruin`)).toBe(false)
})

describe('at the prompt', () => {
  test('↑ recalls the history', async () => {
    await using home = createHome()
    await using talk = await openTalk(home)
    await talk.enter('echo once')
    talk.press('up')
    await talk.waitFor(/^> echo once$/m)
    await talk.enter('')
    expect(talk.lines().filter((line) => line === 'once')).toHaveLength(2)
  })

  test('Ctrl-C clears the line, or all lines of an incomplete command; pressed twice, it leaves', async () => {
    await using home = createHome()
    await using talk = await openTalk(home)
    await talk.enter('echo "one')
    talk.press('ctrl-c')
    await talk.waitFor(/\n>$/)
    talk.type('nonsense')
    await talk.waitFor('nonsense')
    talk.press('ctrl-c')
    await talk.waitFor(() => !talk.screen().includes('nonsense'))
    talk.press('ctrl-c')
    await talk.waitFor('Press Ctrl-C again to leave.')
    talk.press('ctrl-c')
    expect(await talk.exited).toBe(0)
    expect(talk.modes()).toEqual(talk.modesBefore)
  })

  test.for(terms)('Ctrl-D leaves, with TERM=%s', async (TERM) => {
    await using home = createHome()
    await using talk = await openTalk(home, ['talk'], {env: {TERM}})
    talk.press('ctrl-d')
    expect(await talk.exited).toBe(0)
    expect(talk.lines().at(-1)).toMatch(/^The session is still open: holdfast talk --resume \w{10}$/)
    expect(talk.modes()).toEqual(talk.modesBefore)
  })

  test.for(terms)('prompts of other clients are shown, and the edited line stays, with TERM=%s', async (TERM) => {
    await using home = createHome()
    await using talk = await openTalk(home, ['talk'], {env: {TERM}})
    const [{id}] = await sessionsOf(home)
    talk.type('echo mi')
    await talk.waitFor(/^> echo mi$/m)
    await home.holdfast(['run', '--session', id, '--', 'echo theirs'])
    await talk.waitFor(/^Submitted by another client: echo theirs\ntheirs\nexit 0.*\n>/m)
    talk.type('ne\r')
    await talk.waitFor(/^mine\nexit 0.*\n>/m)
  })

  test.for(['SIGTERM', 'SIGHUP'] as const)('%s ends talk, and the terminal is restored', async (signal) => {
    await using home = createHome()
    await using talk = await openTalk(home)
    talk.kill(signal)
    expect(await talk.exited).toBe(signal === 'SIGTERM' ? 143 : 129)
    expect(talk.modes()).toEqual(talk.modesBefore)
  })

  test('talk ends when another client closes the session', async () => {
    await using home = createHome()
    await using talk = await openTalk(home)
    await home.holdfast(['close', '--all'])
    expect(await talk.exited).toBe(0)
    expect(talk.lines().at(-1)).toBe('The session was closed.')
  })
})

describe('where no screen can be drawn, `holdfast` is `holdfast talk`', () => {
  test.for([
    ['TERM=dumb', 'TERM is dumb'],
    ['unset TERM', 'TERM is not set'],
  ] as const)('with %s', async ([environment, why]) => {
    await using home = createHome()
    await using talk = await openTalk(home, [], {line: `export TERM; ${environment}; hf echo first`})
    expect(talk.lines()[0]).toContain(`The screen needs a capable terminal (${why}), so`)
    await talk.waitFor(/^> echo first\nfirst\nexit 0.*\n>/m)
  })

  test('with stdout in a pipe: messages are on the terminal, the pipe has the output', async () => {
    await using home = createHome()
    await using talk = await openTalk(home, [], {line: 'hf | cat > printed'})
    expect(talk.lines()[0]).toBe('The screen needs a terminal, so the session is shown line by line.')
    await talk.enter("printf '\\033[31mred\\033[0m\\n'; printf 'no end'")
    await talk.enter('false')
    talk.press('ctrl-d')
    await talk.exited
    expect(readFileSync(`${home.project}/printed`, 'utf8')).toBe('red\nno end')
    expect(talk.scrollback()).toMatch(/^exit 0.*\n> false\nexit 1/m)
  })
})

describe('crashes', () => {
  test.for(terms)(
    'a killed gateway: one line reports it, all output comes once and in order, with TERM=%s',
    async (TERM) => {
      await using home = createHome()
      await using talk = await openTalk(home, ['talk'], {env: {TERM}})
      talk.type('for i in $(seq 40); do echo line $i; sleep 0.05; done; until [ -e go ]; do sleep 0.05; done\r')
      await talk.waitFor(() => talk.lines().includes('line 5'))
      process.kill((await home.process('gateway')).pid, 'SIGKILL')
      const isReported = () =>
        talk.scrollback().match(/^The gateway died \(.*; `for i in .*` is still running\.$/gm)?.length === 1
      await talk.waitFor(isReported)
      writeFileSync(`${home.project}/go`, '')
      await talk.waitFor(/^exit 0.*\n>/m)
      const lines = talk.lines().filter((line) => /^line \d+$/.test(line))
      expect(lines).toEqual(Array.from({length: 40}, (_, at) => `line ${at + 1}`))
      expect(isReported()).toBe(true)

      process.kill((await home.process('gateway')).pid, 'SIGKILL')
      await talk.waitFor(() => talk.scrollback().match(/^The gateway died /gm)?.length === 2)
      await talk.enter('echo more')
      expect(talk.lines()).toContain('more')
    },
  )

  test('a killed host: the command ends, and the conversation continues in a new shell', async () => {
    await using home = createHome()
    await using talk = await openTalk(home)
    await startLasting(talk)
    process.kill((await home.process('host')).pid, 'SIGKILL')
    await talk.waitFor(/^interrupted: the host process died.*\n(?:> ?\n)?The shell .*\n>/m)
    await talk.enter('echo more')
    expect(talk.lines()).toContain('more')
  })

  test('a gateway that cannot be restarted is reported; the prompt waits for /restart, and runs once', async () => {
    await using home = createHome()
    const [file, broken] = [`${home.project}/gateway`, `${home.project}/broken`]
    const script = `#!/bin/sh\n[ -e ${broken} ] && { echo no such setting >&2; exit 9; }\n`
    writeFileSync(file, `${script}exec ${process.execPath} ${cli} gateway\n`, {mode: 0o755})
    await using talk = await openTalk(home, ['talk'], {env: {HOLDFAST_GATEWAY: file}})
    await startLasting(talk)
    writeFileSync(broken, '')
    const dying = await home.process('gateway')
    process.kill(dying.pid, 'SIGKILL')
    await waitForExit(dying)
    await talk.waitFor(/^Out of reach: no gateway: .*no such setting.*\n/m)
    await talk.waitFor(/\n>$/)
    talk.type('echo early\r')
    await talk.waitFor('Prompts are refused until the session is reachable')
    const mend = () => writeFileSync(file, `#!/bin/sh\nexec ${process.execPath} ${cli} gateway\n`)
    mend()
    talk.type('/restart\r')
    await talk.waitFor(/^The gateway died .* is still running\.$/m)
    letGo(home)
    await talk.waitFor(/^exit 0.*\n>/m)
    await talk.enter('echo more')
    expect(talk.lines().filter((line) => line === 'begun')).toHaveLength(1)
  })
})

test('closing the terminal ends talk; the session stays open', async () => {
  await using home = createHome()
  await using talk = await openTalk(home)
  await startLasting(talk)
  talk.close()
  await until(() => home.processes().every(({role}) => role !== 'client'), {what: 'the end of holdfast'})
  expect(await sessionsOf(home)).toMatchObject([{state: 'running'}])
  letGo(home)
})
