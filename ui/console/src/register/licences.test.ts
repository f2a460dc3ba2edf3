import { expect, test } from 'vitest'
import { daysText, daysTone } from './licences.ts'

test('a certificate is over, ends within a month, or is simply valid', () => {
  expect([-3, 0, 18, 30, 31, null].map((days) => [daysTone(days), daysText(days)])).toEqual([
    ['fail', '过期 3 天'], ['warn', '今天到期'], ['warn', '剩 18 天'], ['warn', '剩 30 天'], ['plain', ''], ['plain', ''],
  ])
})
