import {spawnSync} from 'node:child_process'

import {expect, test} from 'vitest'

const source = new URL('../src/process/close-inherited-descriptors.ts', import.meta.url).href

test('closes what the process inherited, and nothing that it opened itself', () => {
  const script = `
    const {closeInheritedDescriptors} = await import(${JSON.stringify(source)})
    const {openSync, readSync, existsSync} = await import('node:fs')
    const own = openSync('/dev/zero', 'r')
    closeInheritedDescriptors()
    const isOpen = (fd) => existsSync('/proc/self/fd/' + fd)
    console.log([40, 200, 1000].map(isOpen).join(' '), readSync(own, Buffer.alloc(1)))`
  const caller = 'exec 40</dev/null 200</dev/null 1000</dev/null; exec "$0" "$@"'
  const {stdout, stderr} = spawnSync(
    '/bin/bash',
    ['-c', caller, process.execPath, '--input-type=module', '-e', script],
    {encoding: 'utf8'},
  )
  expect({stdout, stderr}).toEqual({stdout: 'false false false 1\n', stderr: ''})
})
