import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {delimiter, dirname} from 'node:path'

import {need} from '../../../../tooling/vitest/need.ts'
import {gitEnvironment} from '../support/git-project.ts'
import type {Home} from '../support/home.ts'
import {prepareSsh} from '../support/local-ssh.ts'
import {prepareSudo} from './prepare-sudo.ts'
import type {Shell} from './step.ts'

/** The prompt of the user. */
export const prompt = 'day> '

/** The OSC numbers of what the bare shell says about itself: it is at its prompt; output begins. No emulator uses them. */
export const oscPrompt = 7778
export const oscOutput = 7779

const osc = (number: number) => String.raw`\e]${number};\a`

/** Start files: the user's settings, and for a bare shell what marks prompt and output in its `script`. */
const startFiles: Readonly<Record<Shell, {path: string; settings: string; marks: string}>> = {
  bash: {
    path: '.bashrc',
    settings: `PS1='${prompt}'\n`,
    marks: `PS1='\\[${osc(oscPrompt)}\\]${prompt}'; PS0='${osc(oscOutput)}'\n`,
  },
  zsh: {
    path: '.zshrc',
    settings: `PROMPT='${prompt}'; HISTFILE=~/.zsh_history; HISTSIZE=1000; SAVEHIST=1000\n`,
    marks: `precmd() { print -n '${osc(oscPrompt)}'; }; preexec() { print -n '${osc(oscOutput)}'; }\n`,
  },
  fish: {
    path: '.config/fish/config.fish',
    settings: `set fish_greeting; function fish_prompt; echo -n '${prompt}'; end\n`,
    marks:
      `function mark_prompt --on-event fish_prompt; printf '${osc(oscPrompt)}'; end\n` +
      `function mark_output --on-event fish_preexec; printf '${osc(oscOutput)}'; end\n`,
  },
}

/** The history file of each shell, in the home folder. */
export const historyFiles: Readonly<Record<Shell, string>> = {
  bash: '.bash_history',
  zsh: '.zsh_history',
  fish: '.local/share/fish/fish_history',
}

const programs = ['fzf', 'git', 'htop', 'less', 'man', 'npm', 'python3', 'tmux', 'vim'] as const

const manPage = `.TH DAY 1
.SH NAME
day \\- what a user does between nine and five
.SH DESCRIPTION
${Array.from({length: 60}, (_, at) => `Sentence ${at} of the manual.\n.PP\n`).join('')}`

/** The environment of the user, in which all programs of the day are found. */
export function dayEnvironment(home: Home, shell: Shell): Readonly<Record<string, string>> {
  const path = `${home.env['PATH']}${delimiter}${dirname(need('npm'))}`
  return {
    ...home.env,
    ...gitEnvironment,
    SHELL: need(shell),
    GIT_EDITOR: 'vim',
    GIT_SSH_COMMAND: `ssh -F ${home.project}/ssh.conf`,
    PATH: path,
  }
}

export interface DayOptions {
  /** The shell marks its prompts and output. */
  isBare: boolean
  /** Of the server on loopback. */
  port: number
  /** Of the password for sudo, as /etc/shadow has it. */
  hash: string
}

/**
 * Fills the home and the project folder: `origin`, a repository; `tool.tgz`, a package; `day.1`, a manual page; `ssh.conf`; `as-ann`,
 * a user of sudo.
 */
export function prepareDay(home: Home, shell: Shell, {isBare, port, hash}: DayOptions): void {
  for (const name of programs) need(name)
  const {project, user} = home
  const env = dayEnvironment(home, shell)
  const file = (name: string, text: string, mode = 0o644) => writeFileSync(`${project}/${name}`, text, {mode})
  const {path, settings, marks} = startFiles[shell]
  mkdirSync(dirname(`${user}/${path}`), {recursive: true})
  writeFileSync(`${user}/${path}`, isBare ? settings + marks : settings)
  // Without questions to the terminal: a bare shell takes answers that arrive after vim has ended for typed text.
  writeFileSync(`${user}/.vimrc`, 'set nocompatible t_RV= t_RB= t_RF= t_RC= t_RS= t_u7=\n')

  const git = (...args: string[]) => execFileSync('git', args, {cwd: `${project}/origin`, env})
  mkdirSync(`${project}/origin`)
  git('init', '--quiet', '--initial-branch=main')
  for (let day = 1; day <= 12; day++) {
    file('origin/diary', Array.from({length: day * 5}, (_, at) => `line ${at + 1}\n`).join(''))
    file('origin/plan', day < 12 ? 'nine: coffee\nfive: home\n' : 'nine: tea\nfive: home\n')
    git('add', '.')
    git('commit', '--quiet', '--message', `day ${day}`)
  }

  mkdirSync(`${project}/package`)
  file('package/package.json', '{"name": "tool", "version": "1.2.3"}\n')
  execFileSync('tar', ['-czf', 'tool.tgz', 'package'], {cwd: project})
  file('day.1', manPage)
  prepareSsh(project, {sshd: need('sshd'), keygen: need('ssh-keygen'), port})
  const remote = [`cd ${project}`, 'export TMUX_TMPDIR=. PS1="remote> "', 'exec bash --norc -i']
  prepareSudo(project, hash)
  file('remote', `#!/bin/sh\n${remote.join('\n')}\n`, 0o755)
}
