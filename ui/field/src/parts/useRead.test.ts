import { expect, test } from 'vitest'
import { hush, said } from './said.ts'
import { useRead } from './useRead.ts'

test('an older answer never replaces a newer one', async () => {
  const gates: ((value: string) => void)[] = []
  const { value, read } = useRead(() => new Promise<string>((resolve) => gates.push(resolve)))
  const first = read()
  const second = read()
  gates[1]?.('new')
  gates[0]?.('old')
  await Promise.all([first, second])
  expect(value.value).toBe('new')
})

test('an error fills an empty page and only says so on a full one', async () => {
  let fails = true
  const { value, problem, read } = useRead(() => (fails ? Promise.reject({ code: 'x', sentence: '读不出来' }) : Promise.resolve(7)))
  await read()
  expect([value.value, problem.value, said.value]).toEqual([null, '读不出来', ''])
  fails = false
  await read()
  expect([value.value, problem.value]).toEqual([7, ''])
  fails = true
  await read()
  expect([value.value, problem.value, said.value]).toEqual([7, '', '读不出来'])
  hush()
})
