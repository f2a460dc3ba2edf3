import { expect, test } from 'vitest'
import { addDays, bytesText, clockText, countText, dayText, isoDay, itemNumber, manyText, pointsText, shareText } from './format'

const MORNING = Date.parse('2026-10-14T22:05:41Z')

test('a day begins at midnight of the station, not of UTC', () => {
  expect(isoDay(MORNING)).toBe('2026-10-15')
  expect(clockText(MORNING)).toBe('06:05')
  expect(isoDay(MORNING, 0)).toBe('2026-10-14')
})

test('a deadline passes the end of a month and of a year', () => {
  expect(addDays('2026-10-28', 7)).toBe('2026-11-04')
  expect(addDays('2026-12-30', 3)).toBe('2027-01-02')
  expect(dayText('2026-10-21')).toBe('10 月 21 日 周三')
  expect(dayText('')).toBe('')
})

test('figures are exact and a zero denominator is a dash', () => {
  expect(pointsText(895)).toBe('89.5')
  expect(pointsText(1000)).toBe('100.0')
  expect(pointsText(null)).toBe('—')
  expect(countText(0, 0)).toBe('—')
  expect(countText(3, 17)).toBe('3/17')
  expect(bytesText(41_200_000)).toBe('41.2 MB')
  expect(bytesText(1)).toBe('1 KB')
})

test('an item is numbered without the letters of its checklist', () => {
  expect(itemNumber('CY1.1')).toBe('1.1')
  expect(itemNumber('ZF8.12')).toBe('8.12')
})

test('a share brings its count, and nothing of nothing is a dash', () => {
  expect(shareText(11, 38)).toBe('28.9%（11/38）')
  expect(shareText(0, 0)).toBe('—（0/0）')
  expect(shareText(38, 38)).toBe('100.0%（38/38）')
  expect(manyText(9999)).toBe('9999')
  expect(manyText(1234567)).toBe('1,234,567')
})
