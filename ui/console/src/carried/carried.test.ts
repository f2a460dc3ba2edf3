import { expect, test } from 'vitest'
import { inOrder, receiptsName } from './carried.ts'

test('volumes are taken in their order, the tenth after the second', () => {
  const names = ['b-10of10.xjb', 'b-2of10.xjb', 'a-1of1.xjb'].map((name) => ({ name }))
  expect(inOrder(names).map((file) => file.name)).toEqual(['a-1of1.xjb', 'b-2of10.xjb', 'b-10of10.xjb'])
})

test('receipts are named after their volume', () => {
  const volume = { file: 'xunji-03-20261028-1of2.xjb', state: 'whole', sentence: '', bundle: null, receipts: 'x' }
  expect(receiptsName(volume)).toBe('xunji-03-20261028-1of2.xjr')
  expect(receiptsName({ ...volume, file: 'renamed' })).toBe('renamed.xjr')
})
