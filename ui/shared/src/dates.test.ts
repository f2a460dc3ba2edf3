import { expect, test } from 'vitest'
import { addWorkdays, daysBetween, dueText, isWorkday, lunarDayName, lunarShort, lunarText } from './dates'

test('the lunar date is that of the almanac, leap month and year turn included', () => {
  expect(lunarText('2026-10-14')).toBe('九月初五')
  expect(lunarText('2026-02-17')).toBe('正月初一')
  expect(lunarText('2026-02-16')).toBe('腊月廿九')
  expect(lunarText('2025-07-25')).toBe('闰六月初一')
  expect(lunarShort('2025-07-25')).toBe('闰六月')
  expect(lunarShort('2026-10-19')).toBe('初十')
  expect(lunarText('soon')).toBe('')
  expect([1, 10, 11, 15, 20, 21, 29, 30].map(lunarDayName)).toEqual(['初一', '初十', '十一', '十五', '二十', '廿一', '廿九', '三十'])
})

test('what is due says how long is left, and what is far says nothing', () => {
  expect(dueText('2026-10-20', '2026-10-14')).toBe('剩 6 天')
  expect(dueText('2026-10-08', '2026-10-14')).toBe('逾期 6 天')
  expect(dueText('2026-10-14', '2026-10-14')).toBe('今天到期')
  expect(dueText('2026-10-15', '2026-10-14')).toBe('明天到期')
  expect(dueText('2027-10-15', '2026-10-14')).toBe('')
  expect(daysBetween('2026-12-31', '2027-01-01')).toBe(1)
})

test('working days pass weekends, holidays and weekend days that are worked', () => {
  expect(addWorkdays('2026-10-16', 1)).toBe('2026-10-19')
  expect(addWorkdays('2026-10-14', 10)).toBe('2026-10-28')
  const calendar = { holidays: new Set(['2026-10-19']), worked: new Set(['2026-10-18']) }
  expect(addWorkdays('2026-10-16', 1, calendar)).toBe('2026-10-18')
  expect(addWorkdays('2026-10-16', 2, calendar)).toBe('2026-10-20')
  expect(isWorkday('2026-10-19', calendar)).toBe(false)
})
