import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { FULL_SECONDS, HEIGHT, lookText, type TracedItem, traceBars, traceSummary } from './trace'
import VisitTrace from './VisitTrace.vue'

function item(at: number, seconds: number, more: Partial<TracedItem> = {}): TracedItem {
  return { item: `TD1.${at}`, section: 'LICENCE', shown_ms: seconds * 1000, answer: 'pass', answered_by: 'card', ...more }
}

test('a bar is as high as the item was looked at, and no higher than the drawing', () => {
  const { bars } = traceBars([item(1, FULL_SECONDS / 2), item(2, 10 * FULL_SECONDS), item(3, 0), item(4, -5)])
  expect(bars.map((bar) => bar.height)).toEqual([HEIGHT / 2, HEIGHT, 2, 2])
})

test('what was answered how is told by the kind; a failure is never too low to be seen', () => {
  const { bars } = traceBars([
    item(1, 4),
    item(2, 4, { answered_by: 'section' }),
    item(3, 0.5, { answer: 'fail' }),
    item(4, 4, { answer: 'not_applicable' }),
    item(5, 4, { answer: 'unchecked' }),
    item(6, 4, { answer: null }),
  ])
  expect(bars.map((bar) => bar.kind)).toEqual(['alone', 'section', 'fail', 'hollow', 'hollow', 'open'])
  expect(bars[2]?.height).toBeGreaterThan(bars[0]?.height as number)
})

test('a section begins with a gap', () => {
  const one = traceBars([item(1, 4), item(2, 4)])
  const two = traceBars([item(1, 4), item(2, 4, { section: 'PLEDGE' })])
  expect(two.width).toBeGreaterThan(one.width)
  expect(traceBars([])).toEqual({ bars: [], width: 4 })
})

test('a two-minute visit in which all passed lies flat beside one that was looked at', () => {
  const flat = traceBars(Array.from({ length: 35 }, (_, at) => item(at, 3))).bars
  const looked = traceBars(Array.from({ length: 35 }, (_, at) => item(at, 5 + (at % 5) * 3))).bars
  expect(Math.max(...flat.map((bar) => bar.height))).toBeLessThan(Math.min(...looked.map((bar) => bar.height)))
})

test('the picture can be heard', () => {
  const items = [item(1, 65), item(2, 5, { answer: 'fail' }), item(3, 3, { answered_by: 'section' }), item(4, 0, { answer: null })]
  expect(traceSummary(items)).toBe('检纹：3 项共看 1 分 13 秒，不符合 1 项，整节确认 1 项，未答 1 项')
  expect(lookText(48_400)).toBe('48 秒')
  const drawn = mount(VisitTrace, { props: { items } })
  expect(drawn.attributes('aria-label')).toBe(traceSummary(items))
  expect(drawn.get('.fail').attributes('d')).toMatch(/^M/)
})
