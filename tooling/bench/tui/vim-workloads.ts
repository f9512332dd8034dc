import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {percentileOf} from '../report.ts'
import {measureEcho} from './measure-echo.ts'
import {openProbe, type Probe} from './probe.ts'
import {createSetup, idle, type Programs, type Setup} from './setup.ts'
import {keyCount, settleMs, type Values} from './workloads.ts'

/** vim in the screen, beside a bare one and one behind relays. Each has a home folder of its own. */
export const vimWorkloads: Readonly<Record<string, (programs: Programs) => Values>> = {
  attach,
  'attached-echo': attachedEcho,
}

const relay = join(import.meta.dirname, 'programs/relay.ts')
/** Starts of vim in a round, by turns in a bare terminal and in the screen. */
const vimCount = 10
/** vim as everybody has it, but for the settings of this user. */
const vim = 'vim -u NONE -N -n'
/** vim's first frame: the rows below the end of the file. */
const firstFrame = /~\s*~\s*~/

/** The time from the moment at which vim switches to the alternate screen to its first frame on the terminal. */
async function* attach(programs: Programs): Values {
  await using setup = createSetup(programs)
  await using probe = setup.openHoldfast()
  await probe.waitFor(idle)
  await delay(settleMs)
  const file = `${setup.home.project}/before`
  // vim writes the time right before it switches: the screen gets its first bytes only when it is attached.
  const stamp = `${vim} --cmd "call writefile([printf('%.6f', reltimefloat(reltime()))], '${file}')"`
  for (let index = 0; index <= vimCount; index++) {
    for (const contender of vimContenders) {
      const value =
        contender === 'holdfast'
          ? await startVim(probe, stamp, file)
          : await startBareVim(contender, setup, stamp, file)
      // The first start of each fills caches.
      if (index > 0) yield {contender, metric: "ms from vim's alternate screen to its first frame", value}
    }
  }
}

/** Those that show vim in a terminal, by turns. */
const vimContenders = ['vim', 'one relay', 'three relays', 'holdfast'] as const
type BareVim = Exclude<(typeof vimContenders)[number], 'holdfast'>

/** vim alone in a terminal, or behind relays. */
function openBareVim(contender: BareVim, {home}: Setup, line: string): Probe {
  const shell = ['bash', '-c', line] as const
  const count = {vim: 0, 'one relay': 1, 'three relays': 3}[contender]
  const [command, ...args] = count === 0 ? shell : ([process.execPath, relay, String(count), ...shell] as const)
  return openProbe({command, args, env: home.env, cwd: home.project})
}

async function startBareVim(contender: BareVim, setup: Setup, stamp: string, file: string): Promise<number> {
  await using probe = openBareVim(contender, setup, stamp)
  return sinceStamp(file, await probe.waitFor(firstFrame))
}

async function startVim(probe: Probe, stamp: string, file: string): Promise<number> {
  probe.reset()
  probe.write(` ${stamp}`)
  await probe.waitFor(vim)
  await delay(200)
  probe.reset()
  probe.write('\r')
  const value = sinceStamp(file, await probe.waitFor(firstFrame))
  probe.write(':q!\r')
  await probe.waitFor(idle)
  await delay(500)
  return value
}

/** How long before `at`, which is by `performance.now()`, the time in a file was, ms. That is in seconds since 1970. */
function sinceStamp(file: string, at: number): number {
  return performance.timeOrigin + at - Number(readFileSync(file, 'utf8')) * 1000
}

/** The time from a key to its echo in a bare vim, and in one that has the terminal of the screen. */
async function* attachedEcho(programs: Programs): Values {
  await using setup = createSetup(programs)
  for (const contender of vimContenders) {
    await using probe = contender === 'holdfast' ? setup.openHoldfast() : openBareVim(contender, setup, vim)
    if (contender === 'holdfast') {
      await probe.waitFor(idle)
      await delay(settleMs)
      probe.write(vim)
      await probe.waitFor(vim)
      probe.write('\r')
    }
    await probe.waitFor(firstFrame)
    probe.write('i')
    await delay(settleMs)
    const echoMs = await measureEcho(probe, keyCount)
    yield {contender, metric: 'ms of echo in vim at p95', value: percentileOf(echoMs, 0.95)}
    // Of keys that other work of the machine does not delay: it decides the 95th percentile on a busy one.
    yield {contender, metric: 'ms of echo in vim at p10', value: percentileOf(echoMs, 0.1)}
    probe.write('\u001b:q!\r')
  }
}
