import { expect, test } from 'vitest'
import type { PastProblem, RecordRow } from '../backend/types.ts'
import { pastFailures } from './failures.ts'

const visit = (day: string, answers: Record<string, string>) =>
  ({ id: day, day, trace: Object.entries(answers).map(([item, answer]) => ({ item, answer, section: 'CLEAN', shown_ms: 1, answered_by: 'card' })) }) as unknown as RecordRow
const problem = (day: string, item: string): PastProblem => ({ record: day, day, item, problem: `${item} 有问题`, text: item, severity: 'minor' })

test('what still fails stands first, then what failed most; what never failed is not there', () => {
  const visits = [
    visit('2026-10-14', { 'A1.10': 'pass', 'A1.2': 'fail', 'A1.3': 'not_applicable', 'A1.4': 'pass' }),
    visit('2026-07-02', { 'A1.10': 'fail', 'A1.2': 'pass', 'A1.3': 'fail', 'A1.4': 'pass' }),
    visit('2026-04-02', { 'A1.10': 'fail', 'A1.2': 'pass', 'A1.3': 'pass', 'A1.4': 'pass' }),
  ]
  const found = pastFailures(visits, [
    problem('2026-10-14', 'A1.2'), problem('2026-07-02', 'A1.10'), problem('2026-07-02', 'A1.3'), problem('2026-04-02', 'A1.10'),
  ])
  expect(found.map((f) => [f.item, f.failed, f.judged, f.still])).toEqual([
    ['A1.2', 1, 3, true], ['A1.3', 1, 2, true], ['A1.10', 2, 3, false],
  ])
  expect(found[2]?.times.map((t) => t.day)).toEqual(['2026-07-02', '2026-04-02'])
})
