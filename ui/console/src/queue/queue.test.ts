import { expect, test } from 'vitest'
import type { QueueRow } from '../backend/types.ts'
import { groups } from './queue.ts'

function row(id: string, state: string, tone?: 'fail' | 'plain'): QueueRow {
  const flags = tone ? [{ code: 'x', text: 'x', tone }] : []
  return { id, state, flags } as unknown as QueueRow
}

test('what looks wrong stands before the rest, what is settled behind', () => {
  const parts = groups([row('a', 'approved', 'fail'), row('b', 'signed'), row('c', 'amended', 'fail'), row('d', 'signed', 'plain')])
  expect(parts.map((p) => [p.key, p.rows.map((r) => r.id)])).toEqual([
    ['look', ['c']],
    ['plain', ['b', 'd']],
    ['settled', ['a']],
  ])
})

test('an empty part has no heading', () => {
  expect(groups([row('a', 'returned')]).map((p) => p.key)).toEqual(['settled'])
})
