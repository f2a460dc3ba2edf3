import { expect, test } from 'vitest'
import type { RecordPage } from '../backend/types.ts'
import { bySection, largest, lines, remarkable, tally } from './record.ts'

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
    previous: { answers: [['A1.1', 'fail'], ['A2.1', 'pass']] },
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
