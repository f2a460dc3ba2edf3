import { ref } from 'vue'
import { expect, test } from 'vitest'
import type { RecordPage } from '../backend/types.ts'
import { useWalk } from './walk.ts'

function page(answers: Record<string, string>): RecordPage {
  return {
    summary: { open: [] },
    content: { answers: Object.entries(answers).map(([item, answer]) => ({ item, answer, note: '', readings: [] })), findings: [] },
    checklist: {
      sections: [{ key: 'LICENCE', label: '亮证经营' }],
      items: Object.keys(answers).map((code) => ({ code, section: 'LICENCE', text: code, severity: 'minor', readings: [], basis_text: '' })),
    },
    previous: null, photos: [], trace: [],
  } as unknown as RecordPage
}

test('the walk begins at the first failed item and stops at the last', () => {
  const walk = useWalk(ref(page({ 'A1.1': 'pass', 'A1.2': 'fail', 'A1.3': 'fail' })))
  walk.begin()
  expect(walk.whole.value).toBe(false)
  walk.move(1)
  expect(walk.at.value).toBe('A1.2')
  walk.move(5)
  expect(walk.current.value?.item.code).toBe('A1.3')
})

test('where nothing failed and nothing changed, the whole list is walked, failed ones first', () => {
  const walk = useWalk(ref(page({ 'A1.1': 'pass', 'A1.2': 'pass' })))
  walk.begin()
  expect([walk.whole.value, walk.order.value]).toEqual([true, ['A1.1', 'A1.2']])
})
