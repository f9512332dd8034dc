import type {Contender} from './contender.ts'

/** Loaded one by one: nobody is measured with the others in its process. */
export const CONTENDERS: Readonly<Record<string, () => Promise<Contender>>> = {
  limit: async () => (await import('./contenders/limit.ts')).limit,
  'limit in pieces': async () => (await import('./contenders/limit.ts')).limitInPieces,
  holdfast: async () => (await import('./contenders/holdfast.ts')).holdfast,
  'vscode-jsonrpc': async () => (await import('./contenders/vscode-jsonrpc.ts')).vscodeJsonrpc,
  'mcp-sdk': async () => (await import('./contenders/mcp-sdk.ts')).mcpSdk,
  'acp-sdk': async () => (await import('./contenders/acp-sdk.ts')).acpSdk,
}

export async function loadContender(name: string | undefined): Promise<Contender> {
  const load = name === undefined ? undefined : CONTENDERS[name]
  if (!load) throw new Error(`Expected one of ${Object.keys(CONTENDERS).join(', ')}, got \`${name}\``)
  return load()
}
