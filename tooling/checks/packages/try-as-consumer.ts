import {cpSync, globSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {mapLimited} from '../map-limited.ts'
import {ROOT} from '../root.ts'
import {runCommand} from '../run-command.ts'

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2024'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  },
}

/**
 * Installs the tarballs into an empty project inside `folder`, as anybody would, and uses them there: the programs in
 * tooling/checks/consumer are compiled and run, and so is the `holdfast` command. What goes wrong.
 */
export async function tryAsConsumer(folder: string, tarballs: readonly string[]): Promise<string[]> {
  const project = join(folder, 'consumer')
  mkdirSync(project)
  cpSync(join(ROOT, 'tooling/checks/consumer'), project, {recursive: true})
  writeFileSync(join(project, 'package.json'), JSON.stringify({name: 'consumer', private: true, type: 'module'}))
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG))

  const at = {cwd: project, timeoutMs: 120_000, env: {...process.env, HOLDFAST_HOME: join(folder, 'home')}}
  const run = async (command: string, args: readonly string[]) => {
    const {ok, output, status} = await runCommand(command, args, at)
    return ok ? [] : [`consumer: \`${[command, ...args].join(' ')}\` ${status}\n${output}`]
  }

  const {devDependencies} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const nodeTypes = `@types/node@${devDependencies['@types/node']}`
  const installed = await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', nodeTypes, ...tarballs])
  if (installed.length > 0) return installed
  const compiled = await run('tsc', ['-p', '.', '--pretty', 'false'])
  const programs = globSync('*.ts', {cwd: project}).toSorted()
  const ran = await mapLimited(programs, 2, (program) => run('node', [program]))
  return [...compiled, ...ran.flat()]
}
