import {writeFile} from 'node:fs/promises'

import {expect, test} from 'vitest'

import {SHELLS, temporaryShell} from '../fixtures/temporary-shell.ts'

/** Prints the text, and waits for the file `go`. */
const printAndWait = (text: string) => `sh -c "printf '${text}'; until [ -e go ]; do sleep 0.01; done"`

test.for(SHELLS)(
  '%s: output that ends like the beginning of a marker is shown while the command runs',
  async (name) => {
    const {run, home} = await temporaryShell('', {name})
    let output = ''
    const command = printAndWait(String.raw`C:{\033]713`)
    const ended = run(command, {onOutput: (data) => void (output += Buffer.from(data).toString())})
    await expect.poll(() => output).toBe('C:{\x1b]713')
    await writeFile(`${home}/go`, '')
    expect(await ended).toMatchObject({output: 'C:{\x1b]713', outcome: {kind: 'completed', exitCode: 0}})
    expect((await run('echo next')).output).toBe('next\r\n')
  },
)
