import { expect, test } from 'vitest'
import { AXIS_Y, dots, dotsText, spentText, WIDTH } from './dots.ts'

test('the axis ends at a multiple of five minutes that holds every visit', () => {
  expect(dots({ others: [960, 1740], this: 130, median: 960 }).end).toBe(30)
  expect(dots({ others: [], this: 30, median: null }).end).toBe(5)
})

test('equal times are stacked and never leave the drawing', () => {
  const { dots: placed } = dots({ others: Array.from({ length: 20 }, () => 900), this: 60, median: 900 })
  expect(new Set(placed.map((d) => d.x)).size).toBe(1)
  expect(Math.min(...placed.map((d) => d.y))).toBeGreaterThan(0)
  expect(Math.max(...placed.map((d) => d.y))).toBeLessThan(AXIS_Y)
})

test('the words of the median make room for those of this visit', () => {
  expect(dots({ others: [300, 1800], this: 240, median: 300 }).medianAbove).toBe(true)
  expect(dots({ others: [1500, 1800], this: 130, median: 1500 }).medianAbove).toBe(false)
})

test('times are read as minutes and seconds, and heard', () => {
  expect([spentText(130), spentText(960), spentText(40)]).toEqual(['2 分 10 秒', '16 分', '40 秒'])
  expect(dotsText({ others: [900, 960], this: 130, median: 930 })).toBe('同类检查 2 次的用时，中位数 16 分，本次 2 分 10 秒')
  expect(dots({ others: [], this: 5000, median: null }).this).toBeLessThan(WIDTH)
})
