import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {fileURLToPath} from 'node:url'
import {createContext, runInContext} from 'node:vm'

import {build} from 'tsup'
import {expect, test} from 'vitest'

/** The oldest Node that the packages without Node built-ins support. */
const oldestMajor = 20

/** The globals of Node that browsers have, too. */
const webNames =
  'AbortController AbortSignal DOMException Event EventTarget TextDecoder TextEncoder URL ' +
  'atob btoa clearTimeout crypto performance queueMicrotask setTimeout'
const webGlobals = Object.fromEntries(webNames.split(' ').map((name) => [name, Reflect.get(globalThis, name)]))

/**
 * Tests that a program runs in a browser bundle without Node's built-ins and globals, and on the oldest supported Node: both
 * print `expected` with `console.log`, one line per call. `program`: the URL of a module that imports the package.
 */
export function testRuntimes(program: URL, expected: readonly string[]): void {
  test('runs in a browser bundle, without the modules and globals of Node', async () => {
    const lines: string[] = []
    const done = Promise.withResolvers<void>()
    const console = {log: (line: unknown) => void lines.push(String(line))}
    runInContext(await bundle(program, 'browser'), createContext({...webGlobals, console}))
    // The program may await.
    setTimeout(done.resolve, 100)
    await done.promise
    expect(lines).toEqual(expected)
  })

  const node = findNode(oldestMajor)
  if (node === undefined)
    console.warn(`SKIPPED: no Node ${oldestMajor} on this machine; install it with: n ${oldestMajor}`)
  test.skipIf(node === undefined)(`runs on Node ${oldestMajor}`, async () => {
    const {stdout, stderr} = spawnSync(node!, ['-'], {input: await bundle(program, 'node'), encoding: 'utf8'})
    expect({lines: stdout.trimEnd().split('\n'), stderr}).toEqual({lines: expected, stderr: ''})
  })
}

async function bundle(program: URL, platform: 'browser' | 'node'): Promise<string> {
  const outDir = mkdtempSync(`${tmpdir()}/runtimes-`)
  try {
    await build({
      entry: {program: fileURLToPath(program)},
      outDir,
      platform,
      format: 'iife',
      target: `node${oldestMajor}`,
      noExternal: [/.*/],
      config: false,
      silent: true,
      esbuildOptions: (options) => void (options.conditions = ['holdfast-source']),
    })
    return readFileSync(`${outDir}/program.global.js`, 'utf8')
  } finally {
    rmSync(outDir, {recursive: true})
  }
}

function findNode(major: number): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/local/bin', '/usr/bin']
  return folders
    .map((folder) => `${folder}/node`)
    .find((node) => spawnSync(node, ['--version'], {encoding: 'utf8'}).stdout?.startsWith(`v${major}.`))
}
