import { expect, test } from 'vitest'
import type { RecordRow } from '../backend/types.ts'
import { pastFailures } from './failures.ts'

const visit = (day: string, answers: Record<string, string>) =>
  ({ id: day, day, trace: Object.entries(answers).map(([item, answer]) => ({ item, answer, section: 'CLEAN', shown_ms: 1, answered_by: 'card' })) }) as unknown as RecordRow

test('what still fails stands first, then what failed most; what never failed is not there', () => {
  const found = pastFailures([
    visit('2026-10-14', { 'A1.10': 'pass', 'A1.2': 'fail', 'A1.3': 'not_applicable', 'A1.4': 'pass' }),
    visit('2026-07-02', { 'A1.10': 'fail', 'A1.2': 'pass', 'A1.3': 'fail', 'A1.4': 'pass' }),
    visit('2026-04-02', { 'A1.10': 'fail', 'A1.2': 'pass', 'A1.3': 'pass', 'A1.4': 'pass' }),
  ])
  expect(found.map((f) => [f.item, f.failed, f.judged, f.still])).toEqual([
    ['A1.2', 1, 3, true], ['A1.3', 1, 2, true], ['A1.10', 2, 3, false],
  ])
  expect(found[2]?.days.map((d) => d.day)).toEqual(['2026-07-02', '2026-04-02'])
})
