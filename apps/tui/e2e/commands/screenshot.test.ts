import {spawnSync} from 'node:child_process'
import {cpSync, readFileSync, realpathSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'

import {decode} from 'fast-png'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {openTerminal} from '../support/terminal.ts'

/** Opens a shell script in a terminal of its own, and waits until it has drawn. */
async function open(home: Home, script: string, size = '40x5'): Promise<string> {
  const {stdout} = await home.holdfast(['new', '--size', size, '--', 'sh', '-c', `${script}; printf ready; read _`])
  const id = stdout.trim()
  expect(await home.holdfast(['wait', id, '--text', 'ready'])).toMatchObject({exitCode: 0})
  return id
}

const ok = {stderr: '', exitCode: 0}

test('screenshot draws the screen of a program as a PNG, with its colours and the cursor', async () => {
  await using home = createHome()
  const id = await open(home, String.raw`printf '\033[48;2;10;20;30m   \033[0m \033[31m\033[7m \033[0m\033[3;1H'`)
  expect(await home.holdfast(['screenshot', id, '--output', 'shot.png'])).toMatchObject({...ok, stdout: ''})
  const file = readFileSync(`${home.project}/shot.png`)
  expect(file.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n')
  const {width, height, data} = decode(file)
  // Two pixels for each of 40 columns of 8.5, with margins of 17, and for each of 5 + 3 rows of 16.5.
  expect([width, height]).toEqual([748, 264])
  /** The middle of a cell. */
  const colorOf = (row: number, col: number) => {
    const at = ((66 + row * 33 + 16) * width + 34 + col * 17 + 8) * 4
    return [...data.subarray(at, at + 3)]
  }
  for (const col of [0, 1, 2]) expect(colorOf(0, col)).toEqual([10, 20, 30])
  expect(colorOf(0, 3)).toEqual([22, 24, 29])
  expect(colorOf(0, 4)).toEqual([240, 113, 124])
  expect(colorOf(2, 5)).toEqual([214, 217, 224])

  expect((await home.holdfast(['screenshot', id, '--theme', 'light'])).stdoutBytes.subarray(1, 4).toString()).toBe(
    'PNG',
  )
  expect(await home.holdfast(['screenshot', id, '--output', 'shot.png'])).toMatchObject({
    stderr: 'holdfast: `shot.png` already exists: choose another file\n',
    exitCode: 7,
  })
})

test('screenshot draws vim as an SVG, also over a connection to another machine', async () => {
  need('vim')
  await using home = createHome()
  await using server = await startServer(home)
  writeFileSync(`${home.project}/a.txt`, 'one <two> & "three"\n')
  const vim = ['vim', '-u', 'NONE', '-N', '-c', 'set title titlestring=a&b', 'a.txt']
  const {stdout} = await home.holdfast(['new', '--size', '40x5', '--', ...vim])
  const id = stdout.trim()
  await home.holdfast(['wait', id, '--text', 'three'])
  const shot = await home.holdfast([...server.optionsFor(), 'screenshot', id, '--output', 'shot.svg'])
  expect(shot).toMatchObject({...ok, stdout: ''})
  const svg = readFileSync(`${home.project}/shot.svg`, 'utf8')
  expect(svg).toContain('<title>a&amp;b</title>')
  expect(svg).toContain('>ne &lt;two&gt; &amp; &quot;three&quot;</text>')
  expect((await home.holdfast(['screenshot', id, '--format', 'svg'])).stdout).toBe(svg)
})

test('a hostile program puts no markup into a page or a picture', async () => {
  await using home = createHome()
  const id = await open(
    home,
    String.raw`printf '\033]0;</title><script>\007</pre><script>alert(1)</script>\033]8;;javascript:alert(1)\033\\link\033]8;;\033\\\n\342\200\256\302\205\355\240\200'`,
  )
  const {stdout: html} = await home.holdfast(['snapshot', id, '--format', 'html', '--scrollback', '10'])
  const {stdout: svg} = await home.holdfast(['screenshot', id, '--format', 'svg'])
  expect(html).toMatch(/^<pre style="[^"<>]*">\n&lt;\/pre&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;link/)
  for (const picture of [html, svg]) {
    expect(picture).not.toContain('<script')
    expect(picture).not.toContain('javascript:')
    // oxlint-disable-next-line no-control-regex
    expect(picture).not.toMatch(/[\0-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\ud800-\udfff]/u)
  }
})

test('screenshot says what it needs: a file or a pipe for a PNG, a known ending, a running program', async () => {
  await using home = createHome()
  const id = await open(home, ':')
  const [command, ...args] = home.launch(home.project, ['screenshot', id])
  await using terminal = await openTerminal({command, args, env: home.env, cwd: home.project, cols: 120, rows: 5})
  expect(await terminal.exited).toBe(2)
  expect(terminal.screen()).toContain(
    'holdfast: a PNG is no text for a terminal: expected --output FILE, --format svg, or a pipe',
  )
  expect(await home.holdfast(['screenshot', id, '--output', 'shot.gif'])).toMatchObject({
    stderr: expect.stringContaining('expected --format, or an --output that ends in .png or .svg') as string,
    exitCode: 2,
  })
  expect(await home.holdfast(['screenshot', id, '--output', 'none/shot.png'])).toMatchObject({
    stderr: expect.stringContaining('there is no folder `none`') as string,
    exitCode: 7,
  })
  await home.holdfast(['keys', id, 'Enter'])
  await home.holdfast(['wait', id, '--exit'])
  const late = await home.holdfast(['screenshot', id, '--output', 'late.png'])
  expect(late).toMatchObject({stdout: '', exitCode: 4})
  expect(late.stderr).toBe((await home.holdfast(['snapshot', id])).stderr)
})

test('an installation without a rasteriser for its platform still draws an SVG', async () => {
  await using home = createHome()
  const app = dirname(dirname(cli))
  const folder = `${home.user}/installation`
  cpSync(`${app}/dist`, `${folder}/dist`, {recursive: true})
  cpSync(`${app}/package.json`, `${folder}/package.json`)
  const [picture, pty] = ['node_modules/@holdfast/picture', 'node_modules/@lydell']
  for (const part of ['package.json', 'dist', 'fonts'])
    cpSync(`${app}/${picture}/${part}`, `${folder}/${picture}/${part}`, {recursive: true})
  cpSync(dirname(realpathSync(`${app}/${pty}/node-pty`)), `${folder}/${pty}`, {recursive: true, dereference: true})
  const id = await open(home, ':')
  const screenshot = (...options: string[]) => {
    const [command, ...args] = [process.execPath, `${folder}/dist/cli.cjs`, 'screenshot', id, ...options]
    const {status, stdout, stderr} = spawnSync(command, args, {env: home.env, cwd: home.project, encoding: 'utf8'})
    return {status, stdout, stderr}
  }
  expect(screenshot()).toEqual({
    status: 1,
    stdout: '',
    stderr: `holdfast: no rasteriser for ${process.platform} ${process.arch} could be loaded: draw an SVG instead, with --format svg\n`,
  })
  expect(screenshot('--format', 'svg')).toMatchObject({status: 0, stdout: expect.stringContaining('>ready</text>')})
})
