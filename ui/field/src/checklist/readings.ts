/** Numbers read at an item, and the steps of the dock's keys. */
import type { DraftView } from '../backend/types.ts'

/** Units that are written as a day and therefore typed. */
export const DATES = ['年月日', '日期']
/** Units in which half a step is worth a key press are none: ten presses cost more than one typed number. */
const STEP = 1

/** What stands at an item for a key, before or after its answer; empty where nothing was read. */
export function readingOf(view: DraftView | null, code: string, key: string): string {
  const row = view?.answers[code] ?? view?.early[code]
  return row?.readings.find((reading) => reading.key === key)?.value ?? ''
}

/** One step up or down. The first press on an empty field writes 0: no number is proposed. Counts do not fall below it. */
export function stepped(value: string, up: boolean, unit: string): string {
  const at = Number.parseFloat(value)
  if (value === '' || Number.isNaN(at)) return '0'
  const next = Math.round((at + (up ? STEP : -STEP)) * 10) / 10
  return String(unit === '℃' ? next : Math.max(0, next))
}
