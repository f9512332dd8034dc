export interface GraphRules {
  /** Folder of a package (`*` for any name) → the packages of ours that it may import, or `'all'`. */
  edges: Readonly<Record<string, readonly string[] | 'all'>>
  /** Entries that must run where there is no Node: neither they nor what they import of ours may import from it. */
  neutralEntries: readonly string[]
  /** Modules that the published code may import only from these folders (or files). */
  soleImporters: Readonly<Record<string, readonly string[]>>
  /** Names that say nothing about what is inside, for files and folders under `src`. */
  emptyNames: readonly string[]
}

const bridge = ['@holdfast/rpc', '@holdfast/transport', '@holdfast/protocol']
const watch = ['@holdfast/supervisor', '@holdfast/breadcrumbs']

/** The plan of the house. A package that is not in here fails the check, so a new one starts with a decision. */
export const HOUSE_RULES: GraphRules = {
  edges: {
    'packages/rpc': [],
    'packages/protocol': [],
    'packages/run-completion': [],
    'packages/breadcrumbs': [],
    'packages/recovery': [],
    'packages/transport': ['@holdfast/rpc', '@holdfast/recovery'],
    'packages/shell': ['@holdfast/run-completion'],
    'packages/event-log': ['@holdfast/protocol'],
    'packages/supervisor': ['@holdfast/recovery', '@holdfast/breadcrumbs'],
    'packages/host': [...bridge, ...watch, '@holdfast/shell', '@holdfast/event-log'],
    'packages/gateway': [...bridge, ...watch, '@holdfast/event-log'],
    'packages/client': [...bridge, ...watch, '@holdfast/recovery'],
    'apps/tui': [
      ...watch,
      '@holdfast/client',
      '@holdfast/gateway',
      '@holdfast/host',
      '@holdfast/protocol',
      '@holdfast/event-log',
    ],
    'tooling/*': 'all',
    'examples/*': 'all',
  },
  neutralEntries: [
    '@holdfast/recovery',
    '@holdfast/protocol',
    '@holdfast/rpc',
    '@holdfast/client',
    '@holdfast/supervisor/supervise',
  ],
  soleImporters: {
    // cli.cjs is the door: on a Node that is too old it starts the right one, before any package can be loaded.
    'node:child_process': ['packages/supervisor/src', 'apps/tui/src/cli.cjs'],
    '@lydell/node-pty': ['packages/shell/src'],
  },
  emptyNames: ['utils', 'helpers', 'common', 'types', 'manager', 'misc', 'shared'],
}
