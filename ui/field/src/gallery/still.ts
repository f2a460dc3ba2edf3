/** Clocks of items that stand still. */
import type { ShownTime } from '../checklist/shown.ts'

export const stillTime: ShownTime = { watch: () => undefined, unwatch: () => undefined, shownMs: () => 6000, seed: () => undefined }
