import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {isWaiting, readProcessStat} from '../src/process-stat.ts'
import {SHELLS, temporaryShell} from './fixtures/temporary-shell.ts'

/** Ends when its file is removed. */
const JOB = `const fs = require('node:fs'); fs.writeFileSync('pid', process.pid + '.'); setInterval(() => fs.existsSync('pid') || process.exit(), 10)`

test.each(SHELLS)(
  'a background job that ends at the prompt of %s, and leaves the terminal in line mode as Node does: the next commands run',
  async (name) => {
    const {run, shell, home} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => void (background += Buffer.from(data).toString()))
    await run(`'${process.execPath}' -e "${JOB}" &`)
    const file = join(home, 'pid')
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toMatch(/^\d+\.$/)
    const pid = Number.parseInt(readFileSync(file, 'utf8'))
    await expect.poll(() => isWaiting(readProcessStat(shell.pid))).toBe(true)
    rmSync(file)
    // A zombie has no program.
    await expect.poll(() => existsSync(`/proc/${pid}/exe`)).toBe(false)
    expect(await run('echo hi')).toMatchObject({outcome: {exitCode: 0}, output: expect.stringMatching(/^hi\r\n/)})
    // A program that reads lines gets them.
    expect(await run('read x; echo "got $x"', {onStart: () => shell.input(Buffer.from('line\n'))})).toMatchObject({
      output: expect.stringContaining('got line'),
    })
    // Nor does the terminal display what is typed for the line editor.
    expect(background).not.toContain('^[')
  },
)
