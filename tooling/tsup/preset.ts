import {readFileSync} from 'node:fs'

import type {Options} from 'tsup'

/** What every build has in common: ES modules for the Node that the project ships. The app's build adds to it. */
export const preset = {
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: true,
  clean: true,
  // tsup cannot emit declarations with TypeScript 7; tsc does, after it.
  dts: false,
  // By default tsup strips `node:`, and `node:sqlite` has no other name.
  removeNodeProtocol: false,
} satisfies Options

interface Manifest {
  engines: {node: string}
  exports: Record<string, string | {'holdfast-source': string}>
}

/** The build of a library: one module for each entry of its package.json's `exports`, and what several of them share. */
export function library(): Options {
  const {engines, exports} = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const entry = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : target['holdfast-source'],
  )
  return {...preset, entry, target: `node${engines.node.replace('>=', '')}`, splitting: true, treeshake: true}
}
