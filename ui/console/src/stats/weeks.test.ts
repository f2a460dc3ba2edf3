import { expect, test } from 'vitest'
import type { Rate, WeekCounts } from '../backend/types.ts'
import { countOn, percentText, spoken, weekOption, weeksText } from './weeks.ts'

const rate = (numerator: number, denominator: number): Rate =>
  ({ numerator, denominator, permille: denominator ? Math.floor((1000 * numerator) / denominator) : null }) as Rate
const week = (label: string, failed: number, all: number, rolling: Rate | null): WeekCounts =>
  ({ label, rate: rate(failed, all), rolling, conclusions: [{ key: 'nonconforming', n: failed }, { key: 'conforming', n: all - failed }] }) as WeekCounts
const weeks = [week('7-20', 2, 8, null), week('7-27', 0, 0, null), week('8-3', 1, 7, null), week('8-10', 1, 10, rate(4, 25)), week('8-17', 0, 9, rate(2, 26))]
const palette = { text: '#111', quiet: '#333', surface: '#fff', line: '#ccc', fail: '#900', parts: {}, font: 'x' }

test('a zero denominator is a dash, and a week without a conclusion says nothing', () => {
  expect([percentText(118), percentText(5), percentText(null)]).toEqual(['11.8%', '0.5%', '—'])
  expect([countOn(weeks[0]), countOn(weeks[1]), countOn(undefined)]).toEqual(['2/8', '', ''])
})

test('the line has no point before four weeks are over, and says its two ends', () => {
  const option = weekOption(weeks, palette)
  const line = option.series[0] as { data: unknown[] }
  expect(line.data.slice(0, 3)).toEqual(['-', '-', '-'])
  expect([...spoken(weeks)]).toEqual([3, 4])
})

test('the columns hold every week, 不符合 on top', () => {
  const { series } = weekOption(weeks, palette)
  const top = series[series.length - 1] as { name: string; data: { value: number }[] }
  expect([top.name, top.data.map((point) => point.value)]).toEqual(['nonconforming', [2, 0, 1, 1, 0]])
  expect(weeksText(weeks)).toContain('有结论的 34 户次，不符合 4 户次')
})
