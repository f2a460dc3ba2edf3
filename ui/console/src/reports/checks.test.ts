import { expect, test } from 'vitest'
import type { ReportDay } from '../backend/types.ts'
import { checks, warning } from './checks.ts'

const day = (records: number, pending: number, late_since: number, versions = 0, returned = 0) =>
  ({ records, pending, returned, late_since, versions: Array.from({ length: versions }) }) as unknown as ReportDay

test('what is missing is said first: nothing received, late, not yet approved', () => {
  expect(warning(day(0, 0, 0))?.title).toBe('这一天还没有收到记录')
  expect(warning(day(14, 4, 1, 1))?.text).toContain('第 2 版')
  expect(warning(day(14, 4, 0))?.title).toBe('还有 4 份未通过')
  expect(warning(day(14, 4, 0, 1))?.text).not.toContain('先出第 1 版')
  expect(warning(day(14, 0, 0))).toBeNull()
})

test('an earlier version is named as untouched', () => {
  expect(checks(day(14, 0, 1, 2)).map((c) => c.good)).toEqual([true, true, false, true])
  expect(checks(day(14, 0, 1, 2)).slice(-1)[0]?.text).toContain('不会改动')
})

test('what was sent back is not said to wait for a review', () => {
  expect(warning(day(14, 12, 0, 0, 1))).toMatchObject({ title: '还有 13 份未通过', text: expect.stringContaining('标“待审”或“退回”') })
  expect(warning(day(14, 0, 0, 0, 1))?.text).not.toContain('待审')
  expect(checks(day(14, 12, 0, 0, 1)).map((c) => c.text)).toContain('1 份已退回、还没有补正，明细中标“退回”')
})
