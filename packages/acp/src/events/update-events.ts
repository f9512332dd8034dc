import type {Content} from '../schema/content.ts'
import type {Command, ConfigOption} from '../schema/session-settings.ts'
import type {ToolCall} from '../schema/tool-call.ts'

/** What an agent reports about its session: one for each kind of `session/update`. */
export type UpdateEvent =
  | {type: 'message'; from: 'agent' | 'user'; content: Content; messageId?: string | undefined}
  | {type: 'thought'; content: Content; messageId?: string | undefined}
  /** A new tool, or with `tool.update` a change of one. */
  | {type: 'tool'; tool: ToolCall}
  | {type: 'tool.update'; tool: ToolCall}
  | {type: 'plan'; entries: {content: string; priority: string; status: string}[]}
  | {type: 'commands'; commands: Command[]}
  | {type: 'mode'; modeId: string}
  | {type: 'options'; options: ConfigOption[]}
  /** A field that is `undefined` did not change; `null` removes the title. */
  | {type: 'title'; title?: string | null | undefined; updatedAt?: string | null | undefined}
  /** Tokens in the context of the model, and how many it can hold. */
  | {type: 'usage'; used: number; size: number; cost?: {amount: number; currency: string} | undefined}
  | {type: 'notice'; severity: string; title: string; description?: string | undefined}
  | {type: 'compaction'; compactionId: string; status: string; error?: string | undefined}
  | {type: 'compaction.summary'; compactionId: string; content: Content}
  /** An update of a kind that is not known here, as it came. */
  | {type: 'other'; update: Readonly<Record<string, unknown>>}
