/** What the chart of the weeks shows, as ECharts wants it told. Pure. */
import type { WeekCounts } from '../backend/types.ts'

/** The tokens' values as they are now. */
export interface Palette {
  text: string
  quiet: string
  /** What the chart stands on: behind a figure that a line runs through. */
  surface: string
  line: string
  fail: string
  parts: Record<string, string>
  font: string
}

/** `11.8%`; nothing where the denominator is zero. */
export const percentText = (permille: number | null): string => (permille === null ? '—' : `${Math.floor(permille / 10)}.${permille % 10}%`)

/** The conclusions of a week from the bottom up, so that 不符合 lies on top. */
export const PARTS = ['not_inspected', 'conforming', 'mostly_conforming', 'nonconforming']

/** With more columns than this their counts would run into each other; the table has them all. */
const DENSE = 14

const part = (week: WeekCounts, key: string) => week.conclusions.find((count) => count.key === key)

/** Only the first, the last and the highest point of the line say their figure: thirteen would run into each other. */
export function spoken(weeks: readonly WeekCounts[]): Set<number> {
  const known = weeks.flatMap((week, at) => (week.rolling && week.rolling.permille !== null ? [{ at, permille: week.rolling.permille }] : []))
  const first = known[0]
  const last = known[known.length - 1]
  return new Set([first, last].flatMap((point) => (point ? [point.at] : [])))
}

function rolling(weeks: readonly WeekCounts[], palette: Palette) {
  const said = spoken(weeks)
  return {
    type: 'line', xAxisIndex: 0, yAxisIndex: 0, symbol: 'circle', lineStyle: { width: 2, color: palette.fail }, itemStyle: { color: palette.fail },
    data: weeks.map((week, at) => {
      const rate = week.rolling
      if (!rate || rate.permille === null) return '-'
      const text = `${percentText(rate.permille)}（${rate.numerator}/${rate.denominator}）`
      return { value: rate.permille, symbolSize: said.has(at) ? 8 : 0, label: { show: said.has(at), formatter: text, position: 'top', color: palette.fail, backgroundColor: palette.surface, padding: 2, fontWeight: 700, fontSize: 13 } }
    }),
  }
}

function stack(weeks: readonly WeekCounts[], palette: Palette) {
  return PARTS.map((key, at) => ({
    type: 'bar', stack: 'week', xAxisIndex: 1, yAxisIndex: 1, barWidth: '62%', name: key,
    itemStyle: { color: palette.parts[key] },
    data: weeks.map((week) => ({
      value: part(week, key)?.n ?? 0,
      // The count of the column stands on its last part, whatever that part's height.
      label: {
        show: at === PARTS.length - 1 && weeks.length <= DENSE, position: 'top', fontSize: 13, formatter: countOn(week),
        color: week.rate.numerator ? palette.fail : palette.quiet, fontWeight: week.rate.numerator ? 700 : 400,
      },
    })),
  }))
}

/** `2/8`: 不符合 of those with a conclusion; nothing on a week without any. */
export function countOn(week: WeekCounts | undefined): string {
  return week && week.rate.denominator > 0 ? `${week.rate.numerator}/${week.rate.denominator}` : ''
}

export function weekOption(weeks: readonly WeekCounts[], palette: Palette) {
  const labels = weeks.map((week) => week.label)
  const hidden = { axisLine: { show: false }, axisTick: { show: false }, axisLabel: { show: false }, splitLine: { show: false } }
  return {
    animation: false,
    textStyle: { fontFamily: palette.font, fontSize: 13, color: palette.text },
    grid: [{ left: 44, right: 24, top: 26, height: 62 }, { left: 44, right: 24, top: 118, bottom: 26 }],
    xAxis: [
      { type: 'category', gridIndex: 0, data: labels, ...hidden, axisLine: { show: true, lineStyle: { color: palette.line } } },
      { type: 'category', gridIndex: 1, data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet, fontSize: 12, interval: weeks.length <= DENSE ? 0 : 'auto' } },
    ],
    yAxis: [
      { type: 'value', gridIndex: 0, min: 0, ...hidden },
      { type: 'value', gridIndex: 1, minInterval: 1, splitNumber: 3, axisLabel: { color: palette.quiet, fontSize: 13 }, splitLine: { lineStyle: { color: palette.line } } },
    ],
    series: [rolling(weeks, palette), ...stack(weeks, palette)],
  }
}

/** The chart in one sentence. */
export function weeksText(weeks: readonly WeekCounts[]): string {
  const failed = weeks.reduce((sum, week) => sum + week.rate.numerator, 0)
  const all = weeks.reduce((sum, week) => sum + week.rate.denominator, 0)
  return `${weeks.length} 周的结论：有结论的 ${all} 户次，不符合 ${failed} 户次；每周数字见图下的表格`
}
