import { beforeEach, expect, test } from 'vitest'
import { hush, orSay, orSayOnly, said, say } from './said.ts'

beforeEach(hush)

test('what a person did and what worked takes the last sentence away', async () => {
  say({ code: 'x', sentence: '没有存上' })
  expect(await orSay(Promise.resolve(1))).toBe(1)
  expect(said.value).toBe('')
})

test('a reading that nobody asked for leaves the sentence standing', async () => {
  say({ code: 'x', sentence: '没有存上' })
  const before = said.value
  expect(before).not.toBe('')
  expect(await orSayOnly(Promise.resolve(1))).toBe(1)
  expect(said.value).toBe(before)
  expect(await orSayOnly(Promise.reject(new Error('x')))).toBeNull()
})
