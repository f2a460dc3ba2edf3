/** Days beside the clock: the lunar date a market is held by, days left and overdue, working days. Days are `2026-10-21`. */
import { addDays } from './format.ts'

const DAY_MS = 86_400_000
const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十']

let chinese: Intl.DateTimeFormat | null = null

function at(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/** 初一, 十五, 廿三, 三十. */
export function lunarDayName(day: number): string {
  if (day <= 10) return `初${DIGITS[day]}`
  if (day < 20) return `十${DIGITS[day - 10]}`
  if (day === 20) return '二十'
  if (day < 30) return `廿${DIGITS[day - 20]}`
  return '三十'
}

/** The lunar month and day, `九月` and 4; nothing for a day that does not read. The engine's own calendar is asked. */
function lunar(day: string): { month: string; day: number } | null {
  const time = at(day)
  if (Number.isNaN(time)) return null
  chinese ??= new Intl.DateTimeFormat('zh-CN-u-ca-chinese', { timeZone: 'UTC', month: 'long', day: 'numeric' })
  const parts = chinese.formatToParts(new Date(time))
  const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
  const number = Number.parseInt(find('day'), 10)
  return find('month') && number >= 1 && number <= 30 ? { month: find('month'), day: number } : null
}

/** `九月初四`; empty where the calendar does not know the day. */
export function lunarText(day: string): string {
  const found = lunar(day)
  return found ? `${found.month}${lunarDayName(found.day)}` : ''
}

/** `初四`, and the month on its first day: `九月`. For a strip of days. */
export function lunarShort(day: string): string {
  const found = lunar(day)
  if (!found) return ''
  return found.day === 1 ? found.month : lunarDayName(found.day)
}

/** Whole days from one day to another; negative when it lies behind. */
export function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / DAY_MS)
}

/** `今天`, `明天`, `剩 18 天`, `逾期 6 天`; beyond 30 days the date alone says more, and this is empty. */
export function dueText(due: string, today: string): string {
  const days = daysBetween(today, due)
  if (Number.isNaN(days)) return ''
  if (days < 0) return `逾期 ${-days} 天`
  if (days === 0) return '今天到期'
  if (days === 1) return '明天到期'
  return days <= 30 ? `剩 ${days} 天` : ''
}

/** Days that differ from the week's rule, as the State Council announces them for each year. */
export interface WorkCalendar {
  holidays: ReadonlySet<string>
  /** Weekend days that are worked. */
  worked: ReadonlySet<string>
}

const PLAIN: WorkCalendar = { holidays: new Set(), worked: new Set() }

/** Whether a day is worked. Without a calendar only weekends are free, and whoever shows it says so. */
export function isWorkday(day: string, calendar: WorkCalendar = PLAIN): boolean {
  if (calendar.worked.has(day)) return true
  if (calendar.holidays.has(day)) return false
  const week = new Date(at(day)).getUTCDay()
  return week !== 0 && week !== 6
}

/** The day some working days after another; the day itself is not counted. */
export function addWorkdays(day: string, count: number, calendar: WorkCalendar = PLAIN): string {
  let left = count
  let found = day
  while (left > 0) {
    found = addDays(found, 1)
    if (isWorkday(found, calendar)) left -= 1
  }
  return found
}
