/** Periods of the statistics. Days are `2026-10-21`; every period ends with today. */
import { addDays } from '@xunji/shared/format.ts'

export type Period = 'month' | 'weeks' | 'year'

export const PERIODS: { period: Period; label: string }[] = [
  { period: 'month', label: '本月' },
  { period: 'weeks', label: '近 13 周' },
  { period: 'year', label: '本年' },
]

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return addDays(day, -((weekday + 6) % 7))
}

/** First and last day. Thirteen weeks are whole ones, so that every column of the chart is a week. */
export function daysOf(period: Period, today: string): { from: string; to: string } {
  if (period === 'month') return { from: `${today.slice(0, 7)}-01`, to: today }
  if (period === 'year') return { from: `${today.slice(0, 4)}-01-01`, to: today }
  return { from: addDays(mondayOf(today), -12 * 7), to: today }
}
