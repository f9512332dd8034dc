import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, openSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {cli, createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {until} from '../../../../apps/tui/e2e/support/until.ts'
import {peakOf} from '../../process-costs.ts'
import {atLeast, atMost} from '../../report.ts'
import type {BenchCase} from '../bench-case.ts'
import {makeLargeFile} from '../large-file.ts'

const bytes = 200e6
const ours = 'MB/s of `holdfast run -- cat FILE`'
const theirs = "MB/s of `script -qc 'cat FILE' /dev/null`"
const least = 'MB/s of `cat FILE` through two processes of Node that only commit and print'
const committingRelay = join(import.meta.dirname, '../committing-relay.ts')
const tmux = "MB/s of `tmux new-session 'cat FILE'` in a terminal"
const peak = (role: string) => `MiB of memory (RSS) of the ${role} at its peak`
const sampleEveryMs = 50

export const cat: BenchCase = {
  async open() {
    const home = createHome()
    const file = makeLargeFile(bytes)
    const out = `${file.folder}/out.txt`

    /** Runs a command with its output in a file; MB/s. */
    const rateOf = async (command: string, args: readonly string[], sample = (_pid: number) => {}) => {
      rmSync(out, {force: true})
      const stdout = openSync(out, 'w')
      const startedAt = performance.now()
      const child = spawn(command, args, {stdio: ['ignore', stdout, 'inherit'], env: home.env, cwd: home.project})
      const ended = once(child, 'close')
      let isOver = false
      void ended.then(() => (isOver = true))
      for (; !isOver; await Promise.race([ended, delay(sampleEveryMs)])) sample(child.pid!)
      const rate = bytes / 1e3 / (performance.now() - startedAt)
      closeSync(stdout)
      if (child.exitCode !== 0) throw new Error(`Expected \`${command}\` to exit with 0, got ${child.exitCode}`)
      return rate
    }

    return {
      steps: {
        async holdfast() {
          let [client, host] = [0, 0]
          let hostPid: number | undefined
          const sample = (pid: number) => {
            hostPid ??= home.processes().find(({role}) => role === 'host')?.pid
            client = Math.max(client, peakOrZero(pid))
            if (hostPid !== undefined) host = Math.max(host, peakOrZero(hostPid))
          }
          const rate = await rateOf(process.execPath, [cli, 'run', '--', 'cat', file.path], sample)
          execFileSync('cmp', [file.path, out])
          await until(() => home.processes().length === 0, {what: 'the end of the session'})
          return {[ours]: rate, [peak('client')]: client, [peak('host')]: host}
        },
        async script() {
          const rate = await rateOf('script', ['-qc', `cat ${file.path}`, '/dev/null'])
          // A terminal makes line ends longer.
          if (statSync(out).size < bytes) throw new Error('Expected all bytes from `script`, some are missing')
          return {[theirs]: rate}
        },
        /** As many processes as the host and its client. */
        async least() {
          const rate = await rateOf(process.execPath, [committingRelay, 'cat', file.path])
          if (statSync(out).size < bytes) throw new Error('Expected all bytes from the relay, some are missing')
          return {[least]: rate}
        },
        /** Its client draws screens, and not all output. */
        async tmux() {
          const server = `tmux -f /dev/null -S ${home.temporary}/tmux`
          const rate = await rateOf('script', ['-qc', `${server} new-session 'cat ${file.path}'`, '/dev/null'])
          return {[tmux]: rate}
        },
      },
      async [Symbol.asyncDispose]() {
        file[Symbol.dispose]()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: (median) => [
    atLeast('`holdfast run -- cat FILE` of 200 MB: rate, ratio to `script`', median(ours) / median(theirs), 0.7),
    atLeast('`holdfast run -- cat FILE` of 200 MB: rate, ratio to tmux', median(ours) / median(tmux), 1),
    atLeast('`holdfast run -- cat FILE` of 200 MB: rate, ratio to the least', median(ours) / median(least), 0.6),
    // About 60 when idle.
    ...['client', 'host'].map((role) => atMost(`its ${role}: MiB at its peak`, median(peak(role)), 200)),
  ],
}

/** 0 for a process that has just exited. */
function peakOrZero(pid: number): number {
  try {
    return peakOf(pid)
  } catch {
    return 0
  }
}
