/** The shape of each tone, so that it is read in glare and in grey. */
import type { IconName } from '@xunji/shared/icons/paths.ts'
import type { Tone } from '../backend/types.ts'

export const toneIcons: Record<Tone, IconName> = { pass: 'check', fail: 'warn', warn: 'flag', brand: 'calendar', plain: 'clock' }
