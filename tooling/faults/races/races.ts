import {rmSync, writeFileSync} from 'node:fs'
import {setTimeout} from 'node:timers/promises'

import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {Random} from '../schedule/random.ts'
import {hookedShells, raceShells, type RaceSession, type RaceShell} from './race-session.ts'

/** What depends on the order of two things that happen within milliseconds. */
export interface Race {
  name: string
  shells: readonly RaceShell[]
  /** Runs once, in a session at its prompt. Resolves to what was wrong, if anything was. */
  run(session: RaceSession, random: Random): Promise<string | undefined>
}

/** Longer than a start of `holdfast run` on a busy machine. */
const maxStartMs = 800
/** Longer than a start of a program. */
const maxProgramMs = 60
/** Around the time after which output is shown that may begin a marker. */
const releaseMs = {from: 230, to: 280}
/** With which a marker begins, a sentinel, the line that is typed for one. */
const beginnings = ['C:{\x1b]713', 'C:\x1b', 'C:\x1b_', 'C:\\'] as const
const tokens = Array.from({length: 60}, (_, index) => `<${index + 1}>`)
const maxPauseMs = 40
const maxSecretPauseMs = 30
const hangMs = 15_000
const secret = 'hunter22'
/** Prints what only the terminal answers: its attributes, and the position of the cursor. */
const ask = String.raw`printf '\033[c\033[6n'`
const answers = /\d+;\d+R|\?\d+(?:;\d+)*c/
/** Prints numbered tokens without a pause, but for those of a full terminal. */
const printer = `
  const {existsSync, writeSync} = require('node:fs')
  let at = 0
  const print = () => {
    try { for (let i = 0; i < 5; i++) { writeSync(1, '<' + at + (at % 5 === 4 ? '>\\n' : '>')); at += 1 } } catch {}
    if (!existsSync('stop')) setImmediate(print)
  }
  print()`

export const races: readonly Race[] = [
  {
    name: 'Ctrl-C while `holdfast run` starts',
    shells: raceShells,
    async run(session, random) {
      const run = session.home.startHoldfast(['run', '--session', session.id, '--', 'sleep 600'])
      await setTimeout(random.integer(0, maxStartMs))
      run.child.kill('SIGINT')
      const {stderr} = await run.ended
      const isOver = await untilTrue(() => !session.isBusy)
      if (!isOver) await interruptAll(session)
      return isOver || stderr !== '' ? undefined : 'it runs on, and nobody was told'
    },
  },
  {
    name: 'Ctrl-C while a program starts',
    shells: raceShells,
    async run(session, random) {
      const prompt = await session.submit('sleep 600')
      await session.untilStarted(prompt)
      await setTimeout(random.integer(0, maxProgramMs))
      await session.interrupt()
      const isOver = await untilTrue(() => !session.isBusy)
      if (!isOver) await interruptAll(session)
      return isOver ? undefined : `it runs on: ${session.outputOf(prompt)}`
    },
  },
  {
    name: 'Ctrl-C while a slow program starts',
    // fish has no subshells.
    shells: raceShells.filter((shell) => shell !== 'fish'),
    async run(session, random) {
      // A copy of the shell takes the signal, and forgets it when it becomes the program.
      const prompt = await session.submit(`(trap 'taken=1' INT; until [ "$taken" ]; do :; done; exec sleep 600)`)
      await session.untilStarted(prompt)
      await setTimeout(random.integer(0, maxProgramMs))
      await session.interrupt()
      const isOver = await untilTrue(() => !session.isBusy)
      if (!isOver) await interruptAll(session)
      return isOver ? undefined : `it runs on: ${session.outputOf(prompt)}`
    },
  },
  {
    name: 'a question to the terminal whose asker ends',
    shells: raceShells,
    async run(session) {
      const output = [await session.run(ask), await session.run('echo next')].join('')
      const all = output + session.backgroundOutput
      return output.includes('next\r\n') && !answers.test(all) ? undefined : all
    },
  },
  {
    name: 'output of a background job between commands',
    shells: raceShells,
    async run(session, random) {
      await session.run(`sh -c 'for i in $(seq ${tokens.length}); do echo "<$i>"; sleep 0.01; done' &`)
      for (let command = 0; command < 5; command++) {
        await session.run('true')
        await setTimeout(random.integer(0, maxPauseMs))
      }
      await session.run('wait')
      // The command is in the echo of a shell without hooks.
      const found = session.allOutput.match(/<\d+>/g) ?? []
      return found.join() === tokens.join() ? undefined : session.allOutput
    },
  },
  {
    name: 'a job that tears the echo of a typed line',
    // docs/shells.md says what happens where a line editor echoes each character.
    shells: ['unknown'],
    async run(session) {
      const stop = `${session.home.project}/stop`
      rmSync(stop, {force: true})
      writeFileSync(`${session.home.project}/print.cjs`, printer)
      await session.run(`'${process.execPath}' print.cjs &`)
      session.forget()
      for (let command = 0; command < 5; command++) await session.run('echo hi')
      const all = session.allOutput
      writeFileSync(stop, '')
      await session.run('wait')
      return isInOrder(all) && !/eval|printf|\\033/.test(all) ? undefined : all
    },
  },
  {
    name: 'the beginning of a marker at the end of output',
    shells: raceShells,
    async run(session, random) {
      const go = `go-${random.integer(1, 1_000_000_000)}`
      const begin = random.pick(beginnings)
      const rest = random.pick(['', '', 'x', '3;x', '\\', '_x'])
      const prompt = await session.submit(
        `sh -c "printf '${escaped(begin)}'; until [ -e ${go} ]; do sleep 0.01; done; printf '${escaped(rest)}'"`,
      )
      await session.untilStarted(prompt)
      if (random.integer(0, 1) === 0) await setTimeout(random.integer(releaseMs.from, releaseMs.to))
      else if (!(await untilTrue(() => session.outputOf(prompt).includes(begin)))) {
        await interruptAll(session)
        return `not shown: ${session.outputOf(prompt)}`
      }
      writeFileSync(`${session.home.project}/${go}`, '')
      await session.untilEnded(prompt)
      rmSync(`${session.home.project}/${go}`)
      const output = session.outputOf(prompt)
      const isRight = isUnknown(session) ? output.includes(begin + rest) : output === begin + rest
      return isRight && !session.backgroundOutput.includes('C:') ? undefined : output + session.backgroundOutput
    },
  },
  {
    name: '`send --secret` at once after `run --no-wait`',
    // With the sentinel, a program that reads its terminal reads the typed line.
    shells: hookedShells,
    async run(session, random) {
      const reader = `sleep 0.0${random.integer(0, 9)}; stty -echo; read p; stty echo; echo "$\{#p} letters"`
      const prompt = await session.submit(`sh -c '${reader}'`)
      let isSent = false
      while (!isSent && session.isBusy) {
        // As `send` does while there is no such program.
        isSent = await session.sendSecret(prompt, secret).catch(() => false)
        if (!isSent) await setTimeout(random.integer(0, maxSecretPauseMs))
      }
      await session.untilEnded(prompt)
      if (session.log().includes(secret) || session.allOutput.includes(secret)) return 'the secret is in the log'
      return session.outputOf(prompt).includes(`${secret.length} letters`) ? undefined : session.outputOf(prompt)
    },
  },
]

/** Whether it becomes so before a person would press Ctrl-C again, and be angry. */
async function untilTrue(look: () => boolean): Promise<boolean> {
  return await until(look, {what: 'it', timeoutMs: hangMs}).catch(() => false)
}

/** Ends what is left of a lost race. */
async function interruptAll(session: RaceSession): Promise<void> {
  await until(
    async () => {
      await session.interrupt()
      await setTimeout(500)
      return !session.isBusy
    },
    {what: 'the end of the command', timeoutMs: hangMs},
  )
}

/** Whether the tokens of the printer are there, each once, except among the prompts, the echo and the output of `echo hi`. */
function isInOrder(printed: string): boolean {
  const whole = withoutControls(printed.slice(printed.indexOf('<'), printed.lastIndexOf('<')))
  const found = whole.replaceAll(/[echoi#$ \r\n]/g, '').match(/<\d*>?|[^<]+/g) ?? []
  const first = Number(found[0]?.replaceAll(/\D/g, ''))
  return found.every((token, at) => token.replace('>', '') === `<${first + at}`)
}

function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the sequences of a terminal
  return text.replaceAll(/\x1b(?:\[[\d;?]*[A-Za-z]|[=>]|\(B|\][^\x07]*\x07)|\x08/g, '')
}

/** For `printf` within double quotes. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll('\x1b', '\\033')
}

function isUnknown({shell}: RaceSession): boolean {
  return shell.startsWith('unknown')
}
