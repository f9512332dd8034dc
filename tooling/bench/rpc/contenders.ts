import type {Contender} from './contender.ts'

/** Loaded one by one, so that no contender is in the process of another. */
export const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  baseline: async () => (await import('./contenders/baseline.ts')).baseline,
  'baseline, chunked': async () => (await import('./contenders/baseline.ts')).chunkedBaseline,
  holdfast: async () => (await import('./contenders/holdfast.ts')).holdfast,
  'vscode-jsonrpc': async () => (await import('./contenders/vscode-jsonrpc.ts')).vscodeJsonrpc,
  'mcp-sdk': async () => (await import('./contenders/mcp-sdk.ts')).mcpSdk,
  'acp-sdk': async () => (await import('./contenders/acp-sdk.ts')).acpSdk,
}

export async function loadContender(name = ''): Promise<Contender> {
  const load = contenders[name]
  if (!load) throw new Error(`Expected one of ${Object.keys(contenders).join(', ')}, got \`${name}\``)
  return load()
}
