import {globSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'
import {graces} from '@holdfast/supervisor'

const {shutdownMs, child, client, gateway, host} = graces
const stopOf = ({graceMs, killAfterMs}: {graceMs: number; killAfterMs: number}) => [graceMs, killAfterMs]

/** Each time with the steps that follow each other within it. */
const nested: Readonly<Record<string, readonly [whole: number, steps: readonly number[]]>> = {
  'a child ends by itself before SIGTERM': [child.graceMs, [shutdownMs]],
  'a child ends by itself between SIGTERM and SIGKILL': [child.killAfterMs, [shutdownMs]],
  'a client ends with its gateway': [shutdownMs, [client.saveMs, client.flushMs, ...stopOf(client.stop)]],
  'a gateway whose client has left ends before SIGTERM': [client.stop.graceMs, [gateway.hostsMs]],
  'a gateway closes its connections': [shutdownMs, [gateway.clientMs, gateway.hostsMs]],
  'a host ends its programs and saves': [shutdownMs, [...stopOf(host.programs), host.drainMs]],
}

test.for(Object.entries(nested))('%s', ([, [whole, steps]]) => {
  expect(Math.min(...steps)).toBeGreaterThan(0)
  expect(steps.reduce((sum, step) => sum + step, 0)).toBeLessThan(whole)
})

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('no other file has the time of an end as a number', () => {
  const files = globSync('{packages/{supervisor,host,gateway,client},apps/*}/src/**/*.{ts,tsx}', {cwd: root}).filter(
    (file) => !file.endsWith('/graces.ts'),
  )
  const found = files.flatMap((file) =>
    readFileSync(`${root}/${file}`, 'utf8')
      .split('\n')
      .filter(
        (line) =>
          /\b(?:killAfter|endWithin|shutdown|stopAfter)\w*\s*[:=]\s*\d|\bgraceMs: [1-9]/i.test(line) &&
          !line.includes('@default'),
      )
      .map((line) => `${file}: ${line.trim()}`),
  )
  expect(found).toEqual([])
})
