import {waitForExit} from '../../apps/tui/e2e/support/processes.ts'
import {sessionsOf} from '../../apps/tui/e2e/support/sessions-of.ts'
import {createDemo} from './demo.ts'
import type {Screenshot} from './screenshot.ts'
import {textOf} from './normalize.ts'

export interface Scene {
  /** The description for screen readers. */
  title: string
  play(): Promise<Screenshot[]>
}

/** Scenes by the names of their pictures. */
export const scenes: Readonly<Record<string, Scene>> = {
  'first-screen': {title: 'An empty screen: a status line, and a composer below it', play: firstScreen},
  run: {title: 'A run with colours and a progress bar, and one that failed', play: run},
  collapse: {
    title: 'A long output: its first and last lines, and how many lines are collapsed between them',
    play: collapse,
  },
  menu: {title: 'The menu of slash commands', play: menu},
  search: {title: 'Ctrl-R lists the prompts of all sessions', play: search},
  queue: {title: 'Prompts wait in a queue while another one runs', play: queue},
  'past-prompts': {title: 'Alt-↑ shows a command that has ended, with its output', play: pastPrompts},
  agent: {title: 'A coding agent answers, asks before it changes a file, and changes it', play: agent},
  sessions: {title: 'The board of sessions: what each of them does, and which one waits for you', play: sessions},
  attach: {title: 'A full-screen program takes over the terminal', play: attach},
  recovery: {title: 'The gateway is killed while a command runs; nothing is lost', play: recovery},
  talk: {title: 'The same session as plain lines, without a screen', play: talk},
}

async function firstScreen(): Promise<Screenshot[]> {
  await using demo = createDemo()
  await using terminal = await demo.open()
  terminal.type('./check')
  await terminal.waitFor('./check')
  return [await terminal.screenshot()]
}

const check = String.raw`
printf 'checking \033[1m214\033[0m files\n'
for done in 20 40 60 80 100; do
  bar=$(printf '%*s' $((done / 4)) '' | sed 's/ /━/g')
  printf '\r\033[36m%s\033[0m %s%%' "$bar" "$done"
  sleep 0.05
done
printf '\n\033[32m✓\033[0m cart       48 passed\n\033[32m✓\033[0m checkout   31 passed\n'
printf '\033[33m!\033[0m payments   12 passed, \033[33m1 skipped\033[0m\n'
printf '\033[41;97m FAIL \033[0m stock: 日本 has \033[31m-1\033[0m left, expected \033[32m0\033[0m\n'
exit 1
`

async function run(): Promise<Screenshot[]> {
  await using demo = createDemo()
  demo.addProgram('check', check)
  await using terminal = await demo.open()
  await terminal.submit('git status --short --branch')
  await terminal.waitFor(/^✓/m)
  await terminal.submit('./check')
  await terminal.waitFor(/^✗/m)
  await terminal.waitFor('· idle')
  return [await terminal.screenshot()]
}

async function collapse(): Promise<Screenshot[]> {
  await using demo = createDemo()
  demo.addProgram('build', "seq -f 'compiled src/module-%04g.c' 4812")
  await using terminal = await demo.open([], {rows: 64})
  await terminal.submit('./build')
  await terminal.waitFor(/^✓/m)
  await terminal.waitFor('· idle')
  const {rows} = await terminal.screenshot()
  // How much of the lines above is still on the screen depends on timing.
  return [{rows: rows.slice(rows.findIndex((row) => textOf(row).includes('lines collapsed')) - 3)}]
}

async function menu(): Promise<Screenshot[]> {
  await using demo = createDemo()
  await using terminal = await demo.open()
  terminal.type('/')
  await terminal.waitFor('Tab completes')
  return [await terminal.screenshot()]
}

async function search(): Promise<Screenshot[]> {
  await using demo = createDemo()
  for (const name of ['check', 'deploy']) demo.addProgram(name, 'true')
  await demo.home.holdfast(['run', '--keep', '--tty', '--', './deploy --to fra-1'], {cwd: demo.project})
  await demo.home.holdfast(['run', '--keep', '--tty', '--', './deploy --to lon-2 --dry-run'], {cwd: demo.project})
  await using terminal = await demo.open()
  await terminal.submit('./check')
  await terminal.waitFor(/^✓/m)
  terminal.type('\u0012dep')
  await terminal.waitFor('--dry-run  ✓')
  return [await terminal.screenshot()]
}

async function queue(): Promise<Screenshot[]> {
  await using demo = createDemo()
  demo.addProgram('deploy', deploy)
  await using terminal = await demo.open()
  await terminal.submit('./deploy')
  await terminal.waitFor('fra-1')
  await terminal.submit('git tag v12')
  await terminal.submit('git push --tags')
  await terminal.waitFor('· 2 queued')
  terminal.type('echo and th')
  await terminal.waitFor('and th')
  const shot = await terminal.screenshot()
  terminal.press('ctrl-c')
  return [shot]
}

async function pastPrompts(): Promise<Screenshot[]> {
  await using demo = createDemo()
  demo.addProgram('check', check)
  await using terminal = await demo.open()
  await terminal.submit('./check')
  await terminal.waitFor(/^✗/m)
  await terminal.submit('git status --short --branch')
  await terminal.waitFor(/^\?\? check\n✓[^]*· idle/m)
  terminal.type(altUp)
  await terminal.waitFor(/· idle\n❯ git status[^]*Esc back/)
  terminal.type(altUp)
  await terminal.waitFor(/· idle\n❯ \.\/check[^]*Esc back/)
  return [await terminal.screenshot()]
}

const altUp = '\u001b[1;3A'

async function agent(): Promise<Screenshot[]> {
  await using demo = createDemo()
  await using terminal = await demo.open(['--agent', 'coder'], {rows: 34})
  await terminal.submit('Why is the stock of 日本 -1? Mend it.')
  await terminal.waitFor('1–3 answers')
  const replacements = [[new RegExp(demo.home.user), '~']] as const
  const asked = await terminal.screenshot({caption: 'The agent asks before it changes a file.', replacements})
  terminal.type('1')
  await terminal.waitFor(/^✓/m)
  await terminal.waitFor('· idle')
  const answered = await terminal.screenshot({
    caption: 'What it did and said is in the scrollback; no answer would have meant no.',
    replacements,
  })
  return [asked, answered]
}

async function sessions(): Promise<Screenshot[]> {
  await using demo = createDemo()
  const {holdfast} = demo.home
  const start = async (title: string, command: string, ...tags: string[]) => {
    await holdfast(['run', '--keep', '--', 'true'], {cwd: demo.project})
    const [{id}] = await sessionsOf(demo.home)
    await holdfast(['rename', id, title])
    if (tags.length > 0) await holdfast(['tag', id, ...tags])
    await holdfast(['run', '--session', id, '--no-wait', '--', command])
  }
  await start('api', 'echo listening on 8080', 'prod')
  await start('build', 'echo 98 of 120 files; sleep 600')
  await start('deploy', 'read -rsp "Password: " secret', 'prod')
  await using terminal = await demo.open(['--title', 'notes'])
  await terminal.submit('/sessions')
  for (const shown of [/PASSWORD +deploy/, '98 of 120', 'listening on', /Password/]) await terminal.waitFor(shown)
  return [await terminal.screenshot()]
}

async function attach(): Promise<Screenshot[]> {
  await using demo = createDemo()
  await using terminal = await demo.open([], {rows: 12})
  terminal.type('vim -u NONE -N notes.txt')
  await terminal.waitFor('notes.txt')
  const before = await terminal.screenshot({caption: 'A full-screen program is started.'})
  terminal.press('enter')
  await terminal.waitFor(/^~ *\n~/m)
  terminal.type('iWhatever dies, the session lives.')
  await terminal.waitFor('the session lives.')
  const during = await terminal.screenshot({
    caption: 'It has the terminal by itself, until it exits or Ctrl-\\, pressed twice, takes the terminal back.',
  })
  terminal.type('\u001b:wq\r')
  await terminal.waitFor('· idle')
  return [before, during]
}

/** Deploys to a place when a file named after it exists. */
const deploy = String.raw`
for place in fra-1 fra-2 lon-1 lon-2; do
  printf 'deploying to \033[1m%s\033[0m … ' $place
  until [ -e go-$place ]; do sleep 0.01; done
  printf '\033[32mdone\033[0m\n'
done
`

async function recovery(): Promise<Screenshot[]> {
  await using demo = createDemo()
  demo.addProgram('deploy', deploy)
  await using terminal = await demo.open()
  await terminal.submit('./deploy')
  demo.touch('go-fra-1')
  await terminal.waitFor('deploying to fra-2')
  const before = await terminal.screenshot({caption: 'A command runs.'})

  const gateway = await demo.home.process('gateway')
  const during = terminal.screenshotWhen('recovering', {caption: 'kill -9 of the gateway: the TUI starts another one.'})
  process.kill(gateway.pid, 'SIGKILL')
  await waitForExit(gateway)
  for (const place of ['fra-2', 'lon-1']) demo.touch(`go-${place}`)
  const screenshots = [before, await during]
  await terminal.waitFor('deploying to lon-2')
  demo.touch('go-lon-2')
  await terminal.waitFor(/^✓/m)
  await terminal.waitFor('· idle')
  return [
    ...screenshots,
    await terminal.screenshot({caption: 'Live again. The command kept running; no output is lost or repeated.'}),
  ]
}

async function talk(): Promise<Screenshot[]> {
  await using demo = createDemo()
  demo.addProgram(
    'greet',
    String.raw`printf 'What is your name? '; read name; printf 'Hello \033[1m%s\033[0m\n' "$name"`,
  )
  await using terminal = await demo.open(['talk'], {isReady: /^>/m})
  terminal.type('git status --short --branch\r')
  await terminal.waitFor(/^exit 0/m)
  terminal.type('./greet\r')
  await terminal.waitFor('your name?')
  terminal.type('Ada\r')
  await terminal.waitFor(/^Hello Ada\nexit 0/m)
  const replacements = [
    [/Session \w+:/, 'Session 97f3t1rnrz:'],
    [new RegExp(demo.home.user), '/home/ada/code/2026'],
    [/, \d\.\d s/, ', 0.1 s'],
  ] as const
  return [await terminal.screenshot({replacements})]
}
