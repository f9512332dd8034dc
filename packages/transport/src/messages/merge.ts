import type {JsonRpcMessage, JsonRpcNotification} from '@holdfast/rpc'

/**
 * Combines two notifications of one method that wait for a slow peer, one directly behind the other. The result replaces both.
 * `undefined` keeps them apart.
 */
export type Merge = (older: JsonRpcNotification, newer: JsonRpcNotification) => JsonRpcNotification | undefined

/** Applies `merge` to encoded messages. It decodes them, as the caller may have changed the objects since they were written. */
export function mergeTexts(merge: Merge, encode: (message: JsonRpcMessage) => string) {
  return (olderText: string, newerText: string): string | undefined => {
    const older = JSON.parse(olderText) as JsonRpcMessage
    const newer = JSON.parse(newerText) as JsonRpcMessage
    if (!isNotification(older) || !isNotification(newer) || older.method !== newer.method) return undefined
    const merged = merge(older, newer)
    return merged && encode(merged)
  }
}

function isNotification(message: JsonRpcMessage): message is JsonRpcNotification {
  return 'method' in message && !('id' in message)
}
