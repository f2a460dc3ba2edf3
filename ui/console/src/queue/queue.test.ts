import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import type { QueueRow } from '../backend/types.ts'
import { choices, groups, merged, narrowed, top, unchanged } from './groups.ts'
import { useQueue } from './queue.ts'

function row(id: string, more: Partial<QueueRow> = {}): QueueRow {
  return { id, state: 'signed', group: 'ordinary', points: 0, inspectors: [], market: null, ...more } as unknown as QueueRow
}

const ids = (rows: QueueRow[]) => rows.map((r) => r.id)
let answer: QueueRow[] = []

beforeEach(() => {
  setActivePinia(createPinia())
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ rows: answer, batch: null })))
})

test('先细看 by points, then 一般, then 符合, what is settled behind', () => {
  const parts = groups([
    row('plain', { group: 'plain' }), row('done', { state: 'approved', group: 'look_first', points: 99 }), row('light', { group: 'look_first', points: 8 }),
    row('heavy', { group: 'look_first', points: 96, state: 'amended' }), row('usual'),
  ])
  expect(parts.map((p) => [p.key, ids(p.rows)])).toEqual([
    ['look', ['heavy', 'light']], ['plain', ['usual']], ['conforming', ['plain']], ['settled', ['done']],
  ])
})

test('an empty part has no heading', () => {
  expect(groups([row('a', { state: 'returned' })]).map((p) => p.key)).toEqual(['settled'])
})

test('equal points stay in the order of the visits', () => {
  const parts = groups(['a', 'b', 'c'].map((id) => row(id, { group: 'look_first', points: 16 })))
  expect(ids(parts[0]?.rows ?? [])).toEqual(['a', 'b', 'c'])
})

test('filters narrow together and name what occurs with its count', () => {
  const rows = [
    row('a', { market: { id: 'm', name: '柳汀大集' }, inspectors: ['甲', '乙'] }), row('b', { inspectors: ['丙', '甲'] }),
  ]
  expect(ids(narrowed(rows, { market: 'm', inspector: '甲' }))).toEqual(['a'])
  expect(ids(narrowed(rows, { market: '', inspector: '甲' }))).toEqual(['a', 'b'])
  expect(choices(rows).inspectors.map((c) => [c.label, c.count])).toEqual([['甲', 2], ['丙', 1], ['乙', 1]])
  expect(choices(rows).markets).toEqual([{ value: 'm', label: '柳汀大集', count: 1 }])
})

test('a later answer changes rows in their places, and puts nothing in or out', () => {
  const shown = [row('a', { group: 'look_first', points: 40 }), row('b')]
  const { rows, fresh, gone } = merged(shown, [row('c', { group: 'look_first', points: 96 }), row('a', { state: 'approved', state_text: '已通过' })])
  expect(groups(rows).map((p) => [p.key, ids(p.rows)])).toEqual([['look', ['a']], ['plain', ['b']]])
  expect([rows[0]?.state_text, rows[0]?.points]).toEqual(['已通过', 40])
  expect([ids(fresh), gone]).toEqual([['c'], ['b']])
})

test('what arrives waits until it is taken in, and the eye stays on its row', async () => {
  const queue = useQueue()
  answer = [row('a', { group: 'look_first', points: 20 }), row('b')]
  await queue.load()
  queue.move(1)
  expect(queue.current?.id).toBe('b')
  answer = [row('new', { group: 'look_first', points: 96 }), ...answer]
  await queue.refresh()
  expect([ids(queue.order), queue.fresh]).toEqual([['a', 'b'], 1])
  queue.takeIn()
  expect([ids(queue.order), queue.fresh, queue.current?.id]).toEqual([['new', 'a', 'b'], 0, 'b'])
})

test('the first record of an empty list is shown at once', async () => {
  const queue = useQueue()
  answer = []
  await queue.load()
  answer = [row('a')]
  await queue.refresh()
  expect([ids(queue.order), queue.fresh]).toEqual([['a'], 0])
})

test('moving stops at both ends; the next record is the next that waits', async () => {
  const queue = useQueue()
  answer = [row('a'), row('b'), row('z', { state: 'approved' })]
  await queue.load()
  queue.move(-1)
  expect(queue.current?.id).toBe('a')
  queue.move(9)
  expect(queue.current?.id).toBe('z')
  expect([queue.after('b')?.id, queue.after('a')?.id]).toEqual(['a', 'b'])
})

test('the first rows of a long list, across its parts', () => {
  const parts = groups([row('a', { group: 'look_first' }), row('b', { group: 'look_first' }), row('c'), row('d')])
  expect(top(parts, 3).map(({ part, rows }) => [part.rows.length, ids(rows)])).toEqual([[2, ['a', 'b']], [2, ['c']]])
  expect(top(parts, 1).map(({ rows }) => ids(rows))).toEqual([['a'], []])
})

test('a row that says the same is the same object, and one that says more is the new one', () => {
  const shown = [row('a'), row('b')]
  const now = unchanged(shown, [row('b', { points: 3 }), row('a'), row('c')])
  expect([now[1] === shown[0], now[0] === shown[1], now[0]?.points, ids(now)]).toEqual([true, false, 3, ['b', 'a', 'c']])
})
