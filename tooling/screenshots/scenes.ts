import {waitForDeath} from '../../apps/tui/e2e/support/processes.ts'
import type {Shot} from './draw-svg.ts'
import {createStage} from './stage.ts'
import type {Steady} from './steady.ts'

export interface Scene {
  /** What a person hears who cannot see the picture. */
  title: string
  play(): Promise<Shot[]>
}

/** What there is to see, by the names of the pictures. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'first-screen': {title: 'An empty screen: a status line, and a composer below it', play: firstScreen},
  run: {title: 'A run with colours and a progress bar, and one that failed', play: run},
  fold: {title: 'A long output: its first and last lines, and how many are folded between them', play: fold},
  menu: {title: 'The menu of words, opened with /', play: menu},
  search: {title: 'Ctrl-R finds a prompt of any session', play: search},
  queue: {title: 'Prompts wait in a queue while another one runs', play: queue},
  attach: {title: 'A program that wants the whole terminal gets it, and gives it back', play: attach},
  recovery: {title: 'The gateway is killed while a command runs; nothing is lost', play: recovery},
  talk: {title: 'The same session line by line', play: talk},
}

async function firstScreen(): Promise<Shot[]> {
  await using stage = createStage()
  await using actor = await stage.open()
  actor.type('./check')
  await actor.waitFor('./check')
  return [await actor.shoot()]
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

async function run(): Promise<Shot[]> {
  await using stage = createStage()
  stage.addProgram('check', check)
  await using actor = await stage.open()
  await actor.submit('git status --short --branch')
  await actor.waitFor(/^✓/m)
  await actor.submit('./check')
  await actor.waitFor(/^✗/m)
  await actor.waitFor('· idle')
  return [await actor.shoot()]
}

async function fold(): Promise<Shot[]> {
  await using stage = createStage()
  stage.addProgram('build', "seq -f 'compiled src/module-%04g.c' 4812")
  await using actor = await stage.open([], {rows: 64})
  await actor.submit('./build')
  await actor.waitFor(/^✓/m)
  await actor.waitFor('· idle')
  const {rows} = await actor.shoot()
  const texts = rows.map((row) => row.map(({text}) => text).join(''))
  // How much of what was above is still on the screen depends on the moment.
  return [{rows: rows.slice(texts.findIndex((text) => text.includes('lines folded')) - 3)}]
}

async function menu(): Promise<Shot[]> {
  await using stage = createStage()
  await using actor = await stage.open()
  actor.type('/')
  await actor.waitFor('/quit')
  return [await actor.shoot()]
}

async function search(): Promise<Shot[]> {
  await using stage = createStage()
  for (const name of ['check', 'deploy']) stage.addProgram(name, 'true')
  await stage.home.holdfast(['run', '--', './deploy --to fra-1'], {cwd: stage.project})
  await stage.home.holdfast(['run', '--', './deploy --to lon-2 --dry-run'], {cwd: stage.project})
  await using actor = await stage.open()
  await actor.submit('./check')
  await actor.waitFor(/^✓/m)
  actor.type('\u0012dep')
  await actor.waitFor('--dry-run')
  return [await actor.shoot()]
}

async function queue(): Promise<Shot[]> {
  await using stage = createStage()
  stage.addProgram('deploy', deploy)
  await using actor = await stage.open()
  await actor.submit('./deploy')
  await actor.waitFor('fra-1')
  await actor.submit('git tag v12')
  await actor.submit('git push --tags')
  await actor.waitFor('· 2 queued')
  actor.type('echo and th')
  await actor.waitFor('and th')
  const shot = await actor.shoot()
  actor.press('ctrl-c')
  return [shot]
}

async function attach(): Promise<Shot[]> {
  await using stage = createStage()
  await using actor = await stage.open([], {rows: 12})
  await actor.submit('vim -u NONE -N notes.txt')
  await actor.waitFor('Ctrl-O')
  const before = await actor.shoot({caption: 'A program wants the whole terminal.'})
  actor.press('ctrl-o')
  await actor.waitFor(/^~ *\n~/m)
  actor.type('iWhatever dies, the session lives.')
  await actor.waitFor('the session lives.')
  const during = await actor.shoot({caption: 'Ctrl-O: it has it, until it ends or Ctrl-O takes it back.'})
  actor.type('\u001b:wq\r')
  await actor.waitFor('· idle')
  return [before, during]
}

/** Goes on with each place when it is told to. */
const deploy = String.raw`
for place in fra-1 fra-2 lon-1 lon-2; do
  printf 'deploying to \033[1m%s\033[0m … ' $place
  until [ -e go-$place ]; do sleep 0.01; done
  printf '\033[32mdone\033[0m\n'
done
`

async function recovery(): Promise<Shot[]> {
  await using stage = createStage()
  stage.addProgram('deploy', deploy)
  await using actor = await stage.open()
  await actor.submit('./deploy')
  stage.release('go-fra-1')
  await actor.waitFor('deploying to fra-2')
  const before = await actor.shoot({caption: 'A command runs.'})

  const gateway = await stage.home.process('gateway')
  const during = actor.shootAt('recovering', {caption: 'kill -9 of the gateway: the screen starts another one.'})
  process.kill(gateway.pid, 'SIGKILL')
  await waitForDeath(gateway)
  for (const place of ['fra-2', 'lon-1']) stage.release(`go-${place}`)
  const shots = [before, await during]
  await actor.waitFor('deploying to lon-2')
  stage.release('go-lon-2')
  await actor.waitFor(/^✓/m)
  await actor.waitFor('· idle')
  return [
    ...shots,
    await actor.shoot({caption: 'Live again. The command never noticed; nothing is lost, nothing comes twice.'}),
  ]
}

async function talk(): Promise<Shot[]> {
  await using stage = createStage()
  stage.addProgram(
    'greet',
    String.raw`printf 'What is your name? '; read name; printf 'Hello \033[1m%s\033[0m\n' "$name"`,
  )
  await using actor = await stage.open(['talk'], {isReady: /^>/m})
  actor.type('git status --short --branch\r')
  await actor.waitFor(/^exit 0/m)
  actor.type('./greet\r')
  await actor.waitFor('your name?')
  actor.type('Ada\r')
  await actor.waitFor(/^Hello Ada\nexit 0/m)
  const folder = stage.project.replace(/\/src\/shop$/, '')
  const steady: Steady = [
    [/Session \w+:/, 'Session 97f3t1rnrz:'],
    [new RegExp(folder), '/home/ada/code/2026'],
    [/, \d\.\d s/, ', 0.1 s'],
  ]
  return [await actor.shoot({steady})]
}
