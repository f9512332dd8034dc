import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, openSync, rmSync, statSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {cli, createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {atLeast, atMost, type BenchCase} from '../bench-case.ts'
import {makeBigFile} from '../big-file.ts'
import {memoryOf} from '../process-cost.ts'

const bytes = 200e6
const ours = 'MB/s of `holdfast run -- cat FILE`'
const theirs = "MB/s of `script -qc 'cat FILE' /dev/null`"
const peak = (who: string) => `MiB of memory (RSS) of the ${who} at its highest`
const lookEveryMs = 50

export const cat: BenchCase = {
  async open() {
    const home = createHome()
    const file = makeBigFile(bytes)
    const out = `${file.folder}/out.txt`

    /** Runs a command whose output goes to a file; MB/s. */
    const rateOf = async (command: string, args: readonly string[], look = (_pid: number) => {}) => {
      rmSync(out, {force: true})
      const stdout = openSync(out, 'w')
      const began = performance.now()
      const child = spawn(command, args, {stdio: ['ignore', stdout, 'inherit'], env: home.env, cwd: home.project})
      const ended = once(child, 'close')
      let isOver = false
      void ended.then(() => (isOver = true))
      for (; !isOver; await Promise.race([ended, delay(lookEveryMs)])) look(child.pid!)
      const rate = bytes / 1e3 / (performance.now() - began)
      closeSync(stdout)
      if (child.exitCode !== 0) throw new Error(`Expected \`${command}\` to exit with 0, got ${child.exitCode}`)
      return rate
    }

    return {
      steps: {
        async holdfast() {
          let client = 0
          const look = (pid: number) => (client = Math.max(client, peakOf(pid)))
          const rate = await rateOf(process.execPath, [cli, 'run', '--', 'cat', file.path], look)
          execFileSync('cmp', [file.path, out])
          const host = memoryOf((await home.process('host')).pid, 'peak')
          await home.holdfast(['close', '--all'])
          return {[ours]: rate, [peak('client')]: client, [peak('host')]: host}
        },
        async script() {
          const rate = await rateOf('script', ['-qc', `cat ${file.path}`, '/dev/null'])
          // With a terminal's line ends.
          if (statSync(out).size < bytes) throw new Error('Expected all bytes from `script`, some are missing')
          return {[theirs]: rate}
        },
      },
      async [Symbol.asyncDispose]() {
        file[Symbol.dispose]()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: (median) => [
    atLeast('`holdfast run -- cat FILE` of 200 MB: rate, ratio to `script`', median(ours) / median(theirs), 0.5),
    // An idle one has some 60.
    ...['client', 'host'].map((who) => atMost(`its ${who}: MiB at its highest`, median(peak(who)), 200)),
  ],
}

/** 0 for one that has just ended. */
function peakOf(pid: number): number {
  try {
    return memoryOf(pid, 'peak')
  } catch {
    return 0
  }
}
