import {writeFileSync} from 'node:fs'

import {createDemo, type Demo} from './demo.ts'

/** Programs that the built command drives and draws, by the names of their pictures. */
export const drivenScenes: Readonly<Record<string, () => Promise<string>>> = {
  'driven-vim': vim,
  'driven-repl': repl,
}

const code = `export function total(prices: number[]): number {
  return prices.reduce((sum, price) => sum + price, 0)
}
`

async function vim(): Promise<string> {
  await using demo = createDemo()
  writeFileSync(`${demo.project}/cart.ts`, code)
  const options = ['-u', 'NONE', '-N', '-c', 'syntax on', '-c', 'set number laststatus=2']
  const session = await open(demo, '70x12', ['vim', ...options, 'cart.ts'])
  await run(demo, 'wait', session, '--text', 'return')
  await run(demo, 'keys', session, '--', 'G', 'o', '// Prices are in cents.', 'Escape')
  await run(demo, 'wait', session, '--text', 'cents.')
  return await draw(demo, session)
}

async function repl(): Promise<string> {
  await using demo = createDemo()
  const session = await open(demo, '70x12', [process.execPath, '--no-warnings'])
  await run(demo, 'wait', session, '--regex', '^>$')
  await run(demo, 'keys', session, '--', "new Map([['cart', 3], ['stock', -1]])", 'Enter')
  await run(demo, 'wait', session, '--regex', '^Map.*\n>$')
  await run(demo, 'keys', session, '--', '[1, null, true].map(String)', 'Enter', 'process.platf')
  await run(demo, 'wait', session, '--regex', '^> process.platform$')
  return await draw(demo, session)
}

async function open(demo: Demo, size: string, program: readonly string[]): Promise<string> {
  return (await run(demo, 'new', '--size', size, '--', ...program)).trim()
}

async function draw(demo: Demo, session: string): Promise<string> {
  await run(demo, 'wait', session, '--stable', '200')
  const svg = await run(demo, 'screenshot', session, '--format', 'svg')
  await run(demo, 'close', session)
  return svg
}

async function run(demo: Demo, ...args: readonly string[]): Promise<string> {
  const {exitCode, stdout, stderr} = await demo.home.holdfast(args, {cwd: demo.project})
  if (exitCode !== 0) throw new Error(`holdfast ${args[0]} failed: ${stderr}`)
  return stdout
}
