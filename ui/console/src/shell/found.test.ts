import { expect, test } from 'vitest'
import { hitGroups } from './found.ts'

test('operators, records and inspectors stand in this order, an empty group has no heading', () => {
  const groups = hitGroups({
    operators: [{ id: '1', name: '柳汀麦香拉面', kind: 'small_restaurant', place: null }],
    records: [],
    inspectors: [{ id: '7', name: '检查员甲', station_name: '柳汀所', records: 3 }],
  })
  expect(groups.map((g) => [g.label, g.hits.map((h) => h.beside)])).toEqual([['主体', ['小餐饮']], ['检查员', ['柳汀所，3 份记录']]])
})
