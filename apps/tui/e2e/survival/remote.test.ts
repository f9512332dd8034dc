import {once} from 'node:events'
import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'

import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {openRefusingPort} from '../../../../tooling/vitest/refusing-port.ts'

import {openLine} from '../support/cuttable-connection.ts'
import {createHome} from '../support/home.ts'
import {startServer, token} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {linesOf, openTui, shows} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('run, ls, show and close work with --connect', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  const at = server.optionsFor()

  const run = await here.holdfast(['run', '--keep', ...at, '--', 'pwd; exit 3'])
  expect(run).toMatchObject({exitCode: 3, stderr: ''})
  expect(run.stdout.split('\n')[0]).toBe(there.user)

  const [{id}] = await sessionsOf(there)
  const listed = await here.holdfast(['ls', ...at, '--json'])
  expect(JSON.parse(listed.stdout)).toMatchObject({id, cwd: there.user})
  expect((await here.holdfast(['ls'])).stdout).toContain('No sessions yet')

  // The options may come before the command, too.
  const shown = await here.holdfast([...at, 'show', id])
  expect(shown.stdout).toContain('❯ pwd; exit 3')
  const again = await here.holdfast(['run', ...at, '--session', id, '--', 'echo again'])
  expect(again).toMatchObject({stdout: 'again\n', exitCode: 0})

  expect(await here.holdfast(['close', ...at, id])).toMatchObject({exitCode: 0, stderr: ''})
  expect(await sessionsOf(there)).toMatchObject([{id, state: 'closed'}])
})

test('run reconnects after a lost connection: all lines are there, once and in order', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  await using line = await openLine(server.url)
  const running = here.startHoldfast([
    'run',
    ...server.optionsFor(line.url),
    '--',
    `cd ${there.project}; print-lines out.txt 200 0.03`,
  ])
  await until(() => running.stdout.includes('line 20\n'), {what: 'the 20th line'})

  line.cut()
  // What has arrived before the cut is printed first.
  await until(() => running.stderr.includes('the connection was lost'), {what: 'the notice'})
  const [atCut, written] = [running.stdout, linesOf(there, 'out.txt').length]
  await until(() => linesOf(there, 'out.txt').length > written + 20, {what: 'lines during the cut'})
  expect(running.stdout).toBe(atCut)
  line.mend()

  const {stdout, stderr, exitCode} = await running.ended
  expect(stdout.split('\n').slice(0, -1)).toEqual(linesOf(there, 'out.txt'))
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/^holdfast: the connection was lost .*\nholdfast: the connection is restored\n$/)
})

test('the screen survives a lost connection and a killed server', async () => {
  await using there = createHome()
  await using here = createHome()
  const first = await startServer(there)
  const port = new URL(first.url).port
  await using line = await openLine(first.url)
  await using tui = await openTui(here, first.optionsFor(line.url))
  await tui.submit(`cd ${there.project}`)
  await tui.waitFor(/^✓/m)
  await tui.submit('print-lines out.txt 100 0.03 go')
  await tui.waitFor(shows(tui, 'line 20'))

  line.cut()
  await tui.waitFor('reconnecting')
  line.mend()
  await tui.waitFor(/· (?:\S )?running/)
  first.running.child.kill('SIGKILL')
  await first.running.ended
  await tui.waitFor('reconnecting')
  await using second = await startServer(there, {listen: `127.0.0.1:${port}`})
  expect(second.url).toBe(first.url)
  writeFileSync(`${there.project}/go`, '')

  await tui.waitFor(
    () =>
      tui
        .scrollback()
        .split('\n')
        .filter((row) => row.startsWith('✓')).length === 2,
    {
      timeoutMs: 40_000,
    },
  )
  expect(tui.remarks()).toHaveLength(2)
  expect(tui.outputOf('print-lines out.txt 100 0.03 go')).toEqual(linesOf(there, 'out.txt'))
  expect(here.processes().map(({role}) => role)).not.toContain('gateway')
})

test('Ctrl-C leaves a run whose connection is lost; the command keeps running', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  await using line = await openLine(server.url)
  const running = here.startHoldfast(['run', ...server.optionsFor(line.url), '--', 'echo begun; sleep 1000'])
  await until(() => running.stdout.includes('begun'), {what: 'the first line'})
  line.cut()
  await until(() => running.stderr.includes('the connection was lost'), {what: 'the notice'})
  running.child.kill('SIGINT')
  expect(await running.ended).toMatchObject({exitCode: 130})
  expect(await sessionsOf(there)).toMatchObject([{state: 'running'}])
})

test('serve without a token makes one, which only its user can read, and clients of the same home use it', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there, {ownToken: true})
  const tokenFile = `${there.state}/token`
  expect(JSON.parse(server.running.stdout)).toEqual({url: server.url, token_file: tokenFile})
  expect((statSync(tokenFile).mode & 0o777).toString(8)).toBe('600')

  const run = await there.holdfast(['run', '--connect', `${server.url}/`, '--', 'echo hello'])
  expect(run).toMatchObject({stdout: 'hello\n', stderr: '', exitCode: 0})
  const refused = await here.holdfast(['ls', '--connect', server.url])
  expect(refused.stderr).toBe('holdfast: authentication failed: the server requires --token-file\n')
  expect(await here.holdfast(['ls', '--connect', server.url, '--token-file', tokenFile])).toMatchObject({exitCode: 0})

  const before = readFileSync(tokenFile, 'utf8')
  await using again = await startServer(there, {ownToken: true, listen: '0.0.0.0:0', args: ['--insecure']})
  expect(again.url).toMatch(/^ws:\/\/0\.0\.0\.0:/)
  expect(readFileSync(tokenFile, 'utf8')).toBe(before)
  expect(readFileSync(homePaths(there.state).crashLog, 'utf8')).not.toContain(before.trim())
})

test('the token of a home is not sent to a stranger who listens where its server has ended', async () => {
  await using home = createHome()
  const server = await startServer(home, {ownToken: true})
  server.running.child.kill('SIGKILL')
  await server.running.ended
  const headers: (string | undefined)[] = []
  const stranger = createServer((socket) =>
    socket.on('data', (chunk) => {
      headers.push(/^authorization:.*$/im.exec(chunk.toString())?.[0])
      socket.destroy()
    }),
  )
  stranger.listen(Number(new URL(server.url).port), '127.0.0.1')
  await once(stranger, 'listening')
  expect(await home.holdfast(['ls', '--connect', server.url])).toMatchObject({exitCode: 6, stdout: ''})
  stranger.close()
  expect(headers).toEqual([undefined])
})

test('a missing token file is an error that says how to make one', async () => {
  await using home = createHome()
  const missing = await home.holdfast(['serve', '--listen', '127.0.0.1:0', '--token-file', `${home.user}/none`])
  expect(missing.stderr).toMatch(/^holdfast: there is no token file .*; create one: \(umask 077; /)
})

test('serve refuses a short token, and does not print it', async () => {
  await using home = createHome()
  const file = `${home.user}/short`
  writeFileSync(file, 'hunter2', {mode: 0o600})
  const refused = await home.holdfast(['serve', '--listen', '127.0.0.1:0', '--token-file', file])
  expect(refused).toMatchObject({exitCode: 2, stdout: ''})
  expect(refused.stderr).toBe(`holdfast: expected an access token of at least 16 characters in ${file}, got 7\n`)
})

test('a failed first connection is one line on stderr, at once', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  const wrong = `${here.user}/wrong`
  writeFileSync(wrong, 'hunter2-hunter2', {mode: 0o644})
  await using refusing = await openRefusingPort()
  const nobody = `ws://127.0.0.1:${refusing.port}`

  const cases: [string[], number, RegExp][] = [
    [
      ['--connect', nobody],
      6,
      /^holdfast: no gateway: No server listens at `ws:\/\/127.0.0.1:\d+\/` \(ECONNREFUSED\)\n$/,
    ],
    [['--connect', server.url], 6, /^holdfast: authentication failed: the server requires --token-file\n$/],
    [
      ['--connect', server.url, '--token-file', wrong],
      6,
      /other users can read the access token .*\nholdfast: authentication failed: check --token-file\n/,
    ],
    [
      ['--connect', server.url, '--token-file', `${here.user}/none`],
      2,
      /there is no token file .*; on the serving machine, create one: /,
    ],
    [['--connect', 'http://127.0.0.1'], 2, /expected ws:\/\/HOST:PORT/],
    [['--connect', 'ws://ada:hunter2-hunter2@127.0.0.1'], 2, /credentials do not belong in the URL: use --token-file/],
    [['--token-file', wrong], 2, /expected --connect beside --token-file/],
  ]
  for (const [options, exitCode, sentence] of cases) {
    const result = await here.holdfast(['ls', ...options])
    expect(result, options.join(' ')).toMatchObject({
      exitCode,
      stdout: '',
      stderr: expect.stringMatching(sentence) as string,
    })
    expect(result.stderr).not.toContain('hunter2')
  }
})

test('serve shuts down on a signal, leaves commands running, and writes its token to no file', async () => {
  await using there = createHome()
  await using here = createHome()
  const server = await startServer(there)
  await here.holdfast(['run', ...server.optionsFor(), '--no-wait', '--', 'sleep 1000'])
  server.running.child.kill('SIGTERM')
  expect(await server.running.ended).toMatchObject({exitCode: 143, stderr: ''})
  expect(await sessionsOf(there)).toMatchObject([{state: 'running'}])
  expect(readFileSync(homePaths(there.state).crashLog, 'utf8')).not.toContain(token)
})

test('with --connect, --cwd and /new name folders of the other machine', async () => {
  await using there = createHome()
  await using here = createHome()
  mkdirSync(`${there.user}/src`)
  await using server = await startServer(there)
  const at = server.optionsFor()
  expect(await here.holdfast(['talk', ...at, '--cwd', 'src', 'true'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('expected a folder that starts with / or ~/, got `src`') as string,
  })
  await using tui = await openTui(here, [...at, '--cwd', '~/src'])
  await tui.waitFor('idle')
  await tui.submit('/new ~/missing')
  await tui.waitFor('Expected a folder, got')
  await tui.submit('/new ..')
  await tui.waitFor('Left, still open: src')
  expect((await sessionsOf(there)).map(({cwd}) => cwd)).toEqual([there.user, `${there.user}/src`])
})
