/** How a 疑点 looks: its icon, and its points as they stand beside it. */
import type { IconName } from '@xunji/shared/icons/paths.ts'
import type { Signal } from '../backend/types.ts'

const icons: Record<string, IconName> = {
  signed_twice: 'document', branch: 'hash', number_twice: 'hash', unreadable: 'document',
  short: 'clock', flat: 'trace', photo_reused: 'image', clock_back: 'clock', clock_off: 'clock', streak: 'list',
  last_failed_skipped: 'return', last_failed_quick: 'return', licence_expired: 'document', card_mismatch: 'user', check_digit: 'document',
  refused: 'pen', critical: 'warn', own_conclusion: 'pen', imported: 'image', damaged: 'image', unchecked: 'dash', late: 'clock',
  illegal_transition: 'sync', stale_version: 'sync', out_of_scope: 'device', conflict: 'flag', absent: 'user', repeat: 'return', amended: 'pen', not_inspected: 'dash',
}

export const signalIcon = (code: string): IconName => icons[code] ?? 'warn'

/** `+48`; nothing for what is only good to know. */
export const pointsMark = (signal: Signal): string => (signal.points > 0 ? `+${signal.points}` : '')

/** The heaviest first; equals as the server gave them. */
export function heaviestFirst(signals: readonly Signal[]): Signal[] {
  return [...signals].sort((a, b) => b.points - a.points)
}
