import {fileURLToPath} from 'node:url'

import {build, type BuildOptions} from 'esbuild'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What all that we bundle has in common. */
export const common = {
  absWorkingDir: at('.'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  jsx: 'automatic',
  conditions: ['holdfast-source'],
  // A native module cannot be bundled.
  external: ['@lydell/node-pty'],
  define: {'process.env.NODE_ENV': '"production"'},
  logLevel: 'warning',
} satisfies BuildOptions

export interface ScreenBundle {
  /** The name of the file that is made, without its ending, and where it begins. */
  entryPoints: Readonly<Record<string, string>>
  folder: string
  define?: Readonly<Record<string, string>>
}

/** Bundles what draws with Ink, which can be had as a module alone. */
export async function bundleScreen({entryPoints, folder, define = {}}: ScreenBundle): Promise<void> {
  await build({
    ...common,
    entryPoints: {...entryPoints},
    outdir: folder,
    outExtension: {'.js': '.mjs'},
    splitting: true,
    format: 'esm',
    alias: {
      // Ink asks for it only when DEV is set.
      'react-devtools-core': at('src/no-devtools.cjs'),
    },
    define: {
      ...common.define,
      ...define,
      // The loader of Ink's layout engine would otherwise pull in Node's fetch, 30 ms of the start.
      fetch: 'undefined',
    },
    banner: {
      js: `import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);`,
    },
  })
}
