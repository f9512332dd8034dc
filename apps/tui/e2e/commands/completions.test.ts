import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'

const scripts = fileURLToPath(new URL('../../share/completions', import.meta.url))
const manPage = fileURLToPath(new URL('../../dist/man/holdfast.1', import.meta.url))

/** The environment of a shell that finds `holdfast`. */
function withCommand(home: Home): Record<string, string> {
  mkdirSync(`${home.user}/bin`)
  writeFileSync(`${home.user}/bin/holdfast`, `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`, {mode: 0o755})
  return {...home.env, PATH: `${home.user}/bin:${home.env['PATH']}`}
}

async function openSession(home: Home, title: string): Promise<string> {
  const {stdout} = await home.holdfast(['run', '--keep', '--no-wait', '--', `: ${title}`])
  const [id = ''] = stdout.split(/\s/)
  await home.holdfast(['rename', id, title])
  return id
}

const tab = '\t'
const clearLine = '\u0015'

/** What the shell has put on its line behind the prompt. */
const lineOf = (terminal: Terminal) =>
  terminal
    .scrollback()
    .split('\n')
    .findLast((line) => line.startsWith('>'))
    ?.slice(1)
    .trim()

/** Completes a line with one Tab. */
async function expectCompleted(terminal: Terminal, typed: string, completed: string): Promise<void> {
  terminal.type(typed + tab)
  await terminal.waitFor(() => lineOf(terminal) === completed)
  terminal.type(clearLine)
  await terminal.waitFor(() => lineOf(terminal) === '')
}

async function tryShell(terminal: Terminal, home: Home): Promise<void> {
  const id = await openSession(home, 'the first one')
  mkdirSync(`${home.project}/folder-of-mine`)
  writeFileSync(`${home.project}/file-of-mine`, '')
  await expectCompleted(terminal, 'holdfast exp', 'holdfast export')
  await expectCompleted(terminal, 'holdfast export --form', 'holdfast export --format')
  await expectCompleted(terminal, 'holdfast export --format j', 'holdfast export --format jsonl')
  await expectCompleted(terminal, 'holdfast export --format=j', 'holdfast export --format=jsonl')
  await expectCompleted(terminal, `holdfast show ${id.slice(0, 2)}`, `holdfast show ${id}`)
  await expectCompleted(terminal, 'holdfast config get hib', 'holdfast config get hibernateAfterMinutes')
  await expectCompleted(terminal, 'holdfast config set queue al', 'holdfast config set queue always')
  await expectCompleted(terminal, 'holdfast config set theme hi', 'holdfast config set theme high-contrast')
  await expectCompleted(terminal, 'holdfast --cwd f', 'holdfast --cwd folder-of-mine/')
  await expectCompleted(terminal, 'holdfast serve --token-file fi', 'holdfast serve --token-file file-of-mine')
  const ended = await openSession(home, 'ended')
  await home.holdfast(['close', ended])
  await expectCompleted(terminal, `holdfast show ${ended.slice(0, 4)}`, `holdfast show ${ended}`)
  const second = await openSession(home, 'the second: one')
  terminal.type(`holdfast attach ${tab}${tab}`)
  await terminal.waitFor(() =>
    [id, second, 'the first one', 'the second: one'].every((text) => terminal.screen().includes(text)),
  )
  expect(terminal.screen()).not.toContain('ended')
}

test('bash completes commands, options, values, sessions, settings, files and folders', async () => {
  await using home = createHome()
  const env = {...withCommand(home), PS1: '> '}
  await using terminal = await openTerminal({
    command: need('bash'),
    args: ['--norc', '-i'],
    env,
    cwd: home.project,
    cols: 120,
  })
  terminal.type(`PS1='> '; . <(holdfast completions bash); clear\r`)
  await terminal.waitFor(() => lineOf(terminal) === '')
  await tryShell(terminal, home)
})

test('bash completes the command of `run` as its own commands', async () => {
  await using home = createHome()
  const env = withCommand(home)
  const completion = need('bash-completion')
  await using terminal = await openTerminal({
    command: need('bash'),
    args: ['--norc', '-i'],
    env,
    cwd: home.project,
    cols: 120,
  })
  terminal.type(`PS1='> '; . ${completion}; . ${scripts}/holdfast.bash; complete -W 'alpha beta' mine; clear\r`)
  await terminal.waitFor(() => lineOf(terminal) === '')
  await expectCompleted(terminal, 'holdfast run --keep -- mine al', 'holdfast run --keep -- mine alpha')
  await expectCompleted(terminal, 'holdfast run --keep -- histo', 'holdfast run --keep -- history')
})

test('zsh completes with compinit', async () => {
  await using home = createHome()
  await using terminal = await openTerminal({
    command: need('zsh'),
    args: ['-f', '-i'],
    env: withCommand(home),
    cwd: home.project,
    cols: 120,
  })
  terminal.type(
    `PS1='> '; unsetopt zle_bracketed_paste; fpath=(${scripts} $fpath); autoload -Uz compinit; compinit -u -D; clear\r`,
  )
  await terminal.waitFor(() => lineOf(terminal) === '')
  await tryShell(terminal, home)
  terminal.type(`${clearLine}functions[_mine]='compadd alpha beta'; compdef _mine mine; clear\r`)
  await terminal.waitFor(() => lineOf(terminal) === '')
  await expectCompleted(terminal, 'holdfast run --keep -- mine al', 'holdfast run --keep -- mine alpha')
})

test('zsh completes with the script that `completions` prints', async () => {
  await using home = createHome()
  await using terminal = await openTerminal({
    command: need('zsh'),
    args: ['-f', '-i'],
    env: withCommand(home),
    cwd: home.project,
    cols: 120,
  })
  terminal.type(`PS1='> '; autoload -Uz compinit; compinit -u -D; source <(holdfast completions zsh); clear\r`)
  await terminal.waitFor(() => lineOf(terminal) === '')
  await expectCompleted(terminal, 'holdfast doc', 'holdfast doctor')
})

test('fish completes, with descriptions', async () => {
  await using home = createHome()
  const env = withCommand(home)
  const id = await openSession(home, 'the first one')
  mkdirSync(`${home.project}/folder-of-mine`)
  const complete = (line: string) =>
    execFileSync(
      need('fish'),
      ['-N', '-c', `holdfast completions fish | source; complete -C ${JSON.stringify(line)}`],
      {
        env,
        cwd: home.project,
        encoding: 'utf8',
      },
    )
  expect(complete('holdfast exp')).toBe('export\twrite a session as Markdown, or as its events\n')
  expect(complete('holdfast export --format ')).toBe('markdown\njsonl\n')
  expect(complete('holdfast export --format=j')).toBe('--format=jsonl\n')
  expect(complete('holdfast show ')).toBe(`${id}\tthe first one\n`)
  expect(complete('holdfast config get hib')).toMatch(/^hibernateAfterMinutes\t/)
  expect(complete('holdfast --cwd f')).toMatch(/^folder-of-mine\//)
  expect(complete('holdfast run -- fals')).toMatch(/^false/m)
})

test('a Tab is quiet: it makes no folders, and prints no errors', async () => {
  await using home = createHome()
  const words = ['complete-line', 'bash', '--', 'show', '']
  expect(await home.holdfast(words)).toMatchObject({stdout: 'words\n', stderr: '', exitCode: 0})
  expect(await home.holdfast(words, {env: {HOLDFAST_HOME: '/dev/null/no'}})).toMatchObject({
    stdout: 'words\n',
    stderr: '',
  })
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, '{')
  expect(await home.holdfast(['complete-line', 'bash', '--', 'config', 'get', 'not'])).toMatchObject({
    stdout: expect.stringContaining('notifyAfterSeconds\t'),
    stderr: '',
  })
})

test('--help has the commands in groups, in 80 columns', async () => {
  await using home = createHome()
  const {stdout} = await home.holdfast(['--help'])
  expect(stdout).toMatch(
    /^Work in a session:\n {2}talk [^]*^Sessions:\n {2}new [^]*^This machine:\n {2}config [^]*^Help:\n {2}help/m,
  )
  const [usage = ''] = stdout.split('\nSettings: ')
  expect(usage.split('\n').filter((line) => line.length > 80)).toEqual([])
})

test('the man page has every command and option, and is drawn without a warning', async () => {
  await using home = createHome()
  const {stdout, stderr} = spawnSync(need('groff'), ['-man', '-Tutf8', '-ww', '-P-cbou', manPage], {encoding: 'utf8'})
  expect(stderr).toBe('')
  const help = (await home.holdfast(['--help'])).stdout
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
  expect(commands).toContain('export')
  for (const name of commands) {
    expect(stdout).toMatch(new RegExp(`^ {3}holdfast ${name}\\b`, 'm'))
    const options = (await home.holdfast([name, '--help'])).stdout.match(/^ {2}(?:-\w, )?--[a-z-]+/gm) ?? []
    for (const option of options) expect(stdout.replaceAll('‐', '-')).toContain(option.trim())
  }
  expect(readFileSync(manPage, 'utf8')).not.toMatch(/[^\n -~]/)
  expect(stdout).toContain('notifyAfterSeconds')
})
