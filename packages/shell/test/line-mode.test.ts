import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {SHELLS, temporaryShell} from './fixtures/temporary-shell.ts'

const JOB = `require('node:fs').writeFileSync('pid', String(process.pid)); setTimeout(() => {}, 200)`

test.each(SHELLS)(
  'a background job that ends at the prompt of %s, and leaves the terminal in line mode as Node does: the next commands run',
  async (name) => {
    const {run, shell, home} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => void (background += Buffer.from(data).toString()))
    await run(`'${process.execPath}' -e "${JOB}" &`)
    const file = join(home, 'pid')
    // A zombie has no program.
    await expect.poll(() => existsSync(file) && !existsSync(`/proc/${readFileSync(file, 'utf8')}/exe`)).toBe(true)
    expect(await run('echo hi')).toMatchObject({outcome: {exitCode: 0}, output: expect.stringMatching(/^hi\r\n/)})
    // A program that reads lines gets them.
    expect(await run('read x; echo "got $x"', {onStart: () => shell.input(Buffer.from('line\n'))})).toMatchObject({
      output: expect.stringContaining('got line'),
    })
    // Nor does the terminal display what is typed for the line editor.
    expect(background).not.toContain('^[')
  },
)
