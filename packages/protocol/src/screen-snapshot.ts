import * as z from 'zod/mini'

import {lazily} from './lazily.ts'
import {openObject} from './open-object.ts'

/** A colour of the palette, 0 to 255, or `#rrggbb`. */
const color = lazily(() => z.union([z.int(), z.string()]))
const flag = lazily(() => z.optional(z.literal(true)))

const line = lazily(() =>
  openObject({
    spans: z.array(
      openObject({
        text: z.string(),
        /** All characters of a span take one, or two each; one with combining marks is a span alone. */
        cells: z.int(),
        color: z.optional(color()),
        background: z.optional(color()),
        bold: flag(),
        dim: flag(),
        italic: flag(),
        underline: flag(),
        inverse: flag(),
        strikethrough: flag(),
        invisible: flag(),
      }),
    ),
    /** The line goes on in the next row. */
    is_wrapped: flag(),
  }),
)

/** What the terminal of a running program shows at one moment. */
export const screenSnapshotSchema = lazily(() =>
  openObject({
    prompt_id: z.string(),
    /** Changes with the output, and with the program. */
    version: z.int(),
    cols: z.int(),
    rows: z.int(),
    /** Set by the program; empty for none. */
    title: z.string(),
    /** The program is on the alternate screen. */
    is_alternate: z.boolean(),
    /** From 0, within the screen. */
    cursor: openObject({row: z.int(), col: z.int(), is_visible: z.boolean()}),
    /** `mouse`: `none`, `x10`, `vt200`, `drag`, `any`. */
    modes: openObject({application_cursor: z.boolean(), bracketed_paste: z.boolean(), mouse: z.string()}),
    /** The rows of the screen, from the top. Blank cells without a style are left out at their ends. */
    lines: z.array(line()),
    /** Rows that have scrolled off the top, the oldest first, where the request asks for them. */
    scrollback: z.optional(z.array(line())),
    /** Output from before was dropped, so that parts that the program has not drawn again are missing. */
    is_cut: flag(),
  }),
)
export type ScreenSnapshot = z.infer<ReturnType<typeof screenSnapshotSchema>>
