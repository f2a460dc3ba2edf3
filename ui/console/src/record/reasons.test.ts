import { expect, test } from 'vitest'
import { withReason } from './reasons.ts'

const all = [{ key: '1', code: 'a', text: '照片看不清' }, { key: '2', code: 'b', text: '期限不合适' }]

test('a reason fills an empty text and replaces another reason', () => {
  expect(withReason('', '照片看不清', all)).toBe('照片看不清')
  expect(withReason('照片看不清', '期限不合适', all)).toBe('期限不合适')
})

test('what a person wrote himself is kept behind it', () => {
  expect(withReason('请补拍下半截', '照片看不清', all)).toBe('照片看不清；请补拍下半截')
  expect(withReason('照片看不清；请补拍下半截', '期限不合适', all)).toBe('期限不合适；请补拍下半截')
})
