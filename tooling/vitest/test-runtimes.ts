import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {fileURLToPath} from 'node:url'
import {createContext, runInContext} from 'node:vm'

import {build} from 'tsup'
import {expect, test} from 'vitest'

import {need} from './need.ts'

/** The globals of Node that browsers have, too. */
const webNames =
  'AbortController AbortSignal DOMException Event EventTarget TextDecoder TextEncoder URL ' +
  'atob btoa clearTimeout crypto performance queueMicrotask setTimeout'
const webGlobals = Object.fromEntries(webNames.split(' ').map((name) => [name, Reflect.get(globalThis, name)]))

/**
 * Tests that a program runs in a browser bundle, without the modules and globals of Node. It must print the lines `expected`
 * with `console.log`. `program`: the URL of a module without top-level await that imports a package.
 */
export function testBrowser(program: URL, expected: readonly string[]): void {
  test('runs in a browser bundle, without the modules and globals of Node', async () => {
    const lines: string[] = []
    const console = {log: (line: unknown) => void lines.push(String(line))}
    runInContext(await bundle(program, 'browser'), createContext({...webGlobals, console}))
    // The program may await.
    await expect.poll(() => lines.length).toBeGreaterThanOrEqual(expected.length)
    expect(lines).toEqual(expected)
  })
}

/** Tests the same as `testBrowser`, and on Node 20. */
export function testRuntimes(program: URL, expected: readonly string[]): void {
  testBrowser(program, expected)
  testNode20(program, expected)
}

/** Tests that a program prints the lines `expected` on Node 20. */
export function testNode20(program: URL, expected: readonly string[]): void {
  test('runs on Node 20', async () => {
    const node = need('old Node')
    const {stdout, stderr} = spawnSync(node, ['-'], {input: await bundle(program, 'node'), encoding: 'utf8'})
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
      target: 'node20',
      noExternal: [/.*/],
      config: false,
      silent: true,
      esbuildOptions(options) {
        options.conditions = ['holdfast-source']
        // As Node does.
        if (platform === 'node') options.mainFields = ['main']
        // Ink awaits at its top level, which a script cannot.
        options.external = ['ink']
      },
    })
    return readFileSync(`${outDir}/program.global.js`, 'utf8')
  } finally {
    rmSync(outDir, {recursive: true})
  }
}
