import { expect, test } from 'vitest'
import { filterOf, listTarget, OPERATOR_KEYS, pageOf } from './query.ts'

test('an address narrows by what is known and filled only', () => {
  expect(filterOf({ kind: 'stall', status: '', page: '2', of: 'x', strange: 'y' }, OPERATOR_KEYS)).toEqual({ kind: 'stall' })
})

test('a page that does not read is the first', () => {
  expect([pageOf({ page: '3' }), pageOf({ page: '-1' }), pageOf({ page: 'x' }), pageOf({})]).toEqual([3, 1, 1, 1])
})

test('a number opens the rows it counts', () => {
  expect(listTarget({ of: 'records', params: { conclusion: 'nonconforming' } }, '不符合率')).toEqual({
    name: 'records', query: { conclusion: 'nonconforming', of: '不符合率' },
  })
})
