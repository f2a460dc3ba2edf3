import { expect, test } from 'vitest'
import { daysOf, mondayOf } from './period.ts'

test('a week begins on Monday, on Sundays too', () => {
  expect([mondayOf('2026-10-14'), mondayOf('2026-10-18'), mondayOf('2026-10-12')]).toEqual(['2026-10-12', '2026-10-12', '2026-10-12'])
})

test('thirteen weeks are whole weeks up to today; month and year begin with their first day', () => {
  expect(daysOf('weeks', '2026-10-14')).toEqual({ from: '2026-07-20', to: '2026-10-14' })
  expect(daysOf('month', '2026-10-14')).toEqual({ from: '2026-10-01', to: '2026-10-14' })
  expect(daysOf('year', '2026-10-14')).toEqual({ from: '2026-01-01', to: '2026-10-14' })
})
