import './zod-without-jit.ts'

import type {ScreenOptions} from '../app/open-screen.ts'
import {loadLayoutEngine} from '../ui/layout-engine.ts'

/** Apart from main.ts, as no other process needs Ink and React. */
export async function openScreen(options: ScreenOptions): Promise<void> {
  await loadLayoutEngine()
  const app = await import('../app/open-screen.ts')
  await app.openScreen(options)
}
