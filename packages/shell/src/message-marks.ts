/** Before and after a message to a channel, as the shells' `printf` prints them: no text of a shell contains these. */
export const MESSAGE_BEGINS = String.raw`\001\002`
export const MESSAGE_ENDS = String.raw`\003\001`
