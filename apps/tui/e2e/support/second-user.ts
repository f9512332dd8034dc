import {spawnSync} from 'node:child_process'

import {onTestFinished} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'

/** Another user of the machine, who needs no account. */
export interface SecondUser {
  readonly uid: number
  /** A folder that belongs to this user, and that all others may enter. */
  readonly folder: string
  /** Runs a shell script in that folder; `$1`, `$2` … are the words, and `input` is stdin. Fails if the script fails. */
  sh(script: string, words?: readonly string[], input?: Buffer): string
  /** The same for a script that may fail: its exit code. */
  tries(script: string, words?: readonly string[]): number | null
}

const uid = 54_321

/** Only root can act as another user. */
export function openSecondUser(): SecondUser {
  need('second user')
  const run = (script: string, words: readonly string[], cwd: string, input?: Buffer) =>
    spawnSync('/bin/sh', ['-c', script, 'sh', ...words], {uid, gid: uid, cwd, env: {PATH: '/usr/bin:/bin'}, input})
  const sh = (script: string, words: readonly string[], cwd: string, input?: Buffer) => {
    const {status, stdout, stderr} = run(script, words, cwd, input)
    if (status !== 0) throw new Error(`Expected \`${script}\` to exit with 0, got ${status}: ${stderr.toString()}`)
    return stdout.toString().trim()
  }
  const folder = sh(
    'umask 022; folder=$(mktemp -d /tmp/hf-other-XXXXXX) && chmod 755 "$folder" && echo "$folder"',
    [],
    '/',
  )
  onTestFinished(() => void sh('rm -rf "$1"', [folder], '/'))
  return {
    uid,
    folder,
    sh: (script, words = [], input) => sh(script, words, folder, input),
    tries: (script, words = []) => run(script, words, folder).status,
  }
}
