import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {quoteWords} from '@holdfast/protocol'
import {runCommand, type ContenderKind} from '../contender.ts'

/** tmux without a terminal, one server for all programs. It cannot wait for a text: a loop of a shell looks again and again. */
export const tmux: ContenderKind = {
  isCommand: true,
  async start() {
    const home = createHome()
    const socket = `${home.temporary}/tmux`
    const place = {env: home.env, cwd: home.project}
    const tmuxCommand = ['tmux', '-f', '/dev/null', '-S', socket] as const
    const run = (...args: string[]) => runCommand([...tmuxCommand, ...args], place)
    let sessions = 0
    let runs = 0
    let server: number | undefined
    return {
      async open(program, {cols, rows}) {
        const name = `s${++sessions}`
        await run('new-session', '-d', '-s', name, '-x', String(cols), '-y', String(rows), quoteWords([...program]))
        server ??= Number(await run('display-message', '-p', '#{pid}'))
        const capture = `tmux -S ${socket} capture-pane -p -t ${name}`
        return {
          async waitFor(text) {
            await runCommand(['/bin/sh', '-c', `until ${capture} | grep -qF "$0"; do :; done`, text], place)
          },
          snapshot: async () => void (await run('capture-pane', '-p', '-e', '-t', name)),
          async runTrue() {
            const channel = `ran-${++runs}`
            const line = `true; tmux -S ${socket} wait-for -S ${channel}`
            await run('send-keys', '-t', name, line, 'Enter', ';', 'wait-for', channel)
          },
          [Symbol.asyncDispose]: async () => void (await run('kill-session', '-t', name)),
        }
      },
      pids: () => (server === undefined ? [] : [server]),
      async [Symbol.asyncDispose]() {
        await run('kill-server').catch(() => undefined)
        await home[Symbol.asyncDispose]()
      },
    }
  },
}
