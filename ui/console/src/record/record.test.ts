import { expect, test } from 'vitest'
import type { RecordPage } from '../backend/types.ts'
import { bySection, largest, lines, medianShown, neighbour, remarkable, tally, ways } from './record.ts'

function page(): RecordPage {
  const answer = (item: string, value: string) => ({ item, answer: value, note: '', readings: [] })
  const item = (code: string, section: string) => ({ code, section, text: code, severity: 'minor', readings: [], basis_text: '' })
  return {
    summary: { open: [{ item: 'A1.2', reason: '看不清' }] },
    content: {
      answers: [answer('A1.1', 'pass'), answer('A1.2', 'pass'), answer('A2.1', 'pass'), answer('A2.2', 'fail'), answer('A9', 'pass')],
      findings: [{ item: 'A2.2', problem: '无盖' }],
    },
    checklist: {
      sections: [{ key: 'LICENCE', label: '亮证经营' }, { key: 'CLEAN', label: '场所清洁' }],
      items: [item('A1.1', 'LICENCE'), item('A1.2', 'LICENCE'), item('A2.1', 'CLEAN'), item('A2.2', 'CLEAN')],
    },
    previous: { answers: [['A1.1', 'fail'], ['A2.1', 'pass']], failed: [{ item: 'A1.1', problem: '过期', measure: null, deadline: null }] },
    trace: [{ item: 'A2.2', section: 'CLEAN', shown_ms: 9000, answer: 'fail', answered_by: 'dock' }],
    photos: [{ purpose: { kind: 'items', items: ['A2.2'] } }, { purpose: { kind: 'storefront' } }],
  } as unknown as RecordPage
}

test('failed comes first, then what changed or was sent back', () => {
  const all = lines(page())
  expect(remarkable(all).map((l) => l.item.code)).toEqual(['A2.2', 'A1.1', 'A1.2'])
  expect(all[3]?.photos.length).toBe(1)
  expect(all[3]?.finding?.problem).toBe('无盖')
})

test('sections keep the checklist order, failed items stand first within each', () => {
  const parts = bySection(page(), lines(page()))
  expect(parts.map((p) => p.lines.map((l) => l.item.code))).toEqual([['A1.1', 'A1.2'], ['A2.2', 'A2.1']])
})

test('an item of a checklist that is not held here is still shown', () => {
  expect(lines(page())[4]?.item.text).toContain('A9')
  expect(tally(lines(page()))).toEqual({ pass: 4, fail: 1, not_applicable: 0, unchecked: 0 })
})

test('the working copy is shown before the original', () => {
  expect(largest({ copy: 'c', original: 'o', thumbnail: 't' } as never)).toBe('c')
  expect(largest({ copy: null, original: null, thumbnail: 't' } as never)).toBe('t')
})

test('a line carries its bar and what was found about it last time', () => {
  const all = lines(page())
  expect([all[3]?.bar?.shown_ms, all[0]?.before?.problem, all[1]?.before, all[0]?.bar]).toEqual([9000, '过期', null, null])
})

test('the middle is that of the judged items, and says nothing where none was', () => {
  const bar = (answer: string, shown_ms: number, answered_by = 'card') => ({ item: 'x', section: 'CLEAN', answer, shown_ms, answered_by }) as never
  expect(medianShown([bar('pass', 3000), bar('fail', 9000), bar('pass', 5000), bar('not_applicable', 90)])).toBe(5000)
  expect(medianShown([bar('unchecked', 90)])).toBeNull()
  expect(ways([bar('pass', 1), bar('pass', 1, 'section'), bar('unchecked', 1)])).toEqual({ alone: 1, section: 1 })
})

test('arrow keys stop at both ends and begin at the first line', () => {
  const codes = ['a', 'b', 'c']
  expect([neighbour(codes, null, 1), neighbour(codes, 'c', 1), neighbour(codes, 'b', -1), neighbour(codes, 'gone', 1), neighbour([], null, 1)]).toEqual(['a', 'c', 'a', 'a', null])
})
