/** A handful of invented people, markets and operators. For component tests only. */
import type { Market, Operator, PersonView, PositionView } from '../types.ts'

export const TODAY = '2026-10-14'

/** Where every visit in this window began. */
export const HERE: PositionView = { state: 'fix', text: '36.1234567, 117.5678901，误差约 8 米（卫星）', marks: [] }

/** People of the station; the last one may not sign. */
export const people: PersonView[] = ['甲', '乙', '丙', '丁'].map((name, at) => ({
  id: `p${at + 1}`,
  name: `检查员${name}`,
  role: 'inspector',
  role_text: '检查员',
  card_no: `DEMO-000${at + 1}`,
  card_valid_to: at === 3 ? '2026-01-31' : '2028-12-31',
  may_sign: at !== 3,
}))

export const markets: Market[] = [
  { id: 'm1', name: '柳汀大集', text: '逢五排十' },
  { id: 'm2', name: '石门洼集', text: '逢一排六' },
]

const NAMES: [string, string, Operator['kind'], string][] = [
  ['柳汀禾记包子铺', 'lthjbzp', 'small_restaurant', '禾有田'],
  ['白露煎饼馃子', 'bljbgz', 'stall', '白露'],
  ['桥头麦香油条豆浆', 'qtmxytdj', 'stall', '麦香'],
  ['老井豆腐坊', 'ljdff', 'workshop', '井泉'],
  ['㼆家𠮷祥糁汤', 'mjjxst', 'small_restaurant', '䶮平'],
  ['村口禾记粥铺', 'ckhjzp', 'small_restaurant', '禾小满'],
  ['柳汀镇第一农贸市场东区熟食大厅正宗老字号驴肉火烧羊汤馆', 'ltzdynmscdqssdtzzlzhlrhsytg', 'small_restaurant', '欧阳长名字测试人'],
]

/** What the search compares with. */
export const initials = new Map<string, string>()

/** The register. */
export function firstOperators(more = 0): Operator[] {
  const many: typeof NAMES = Array.from({ length: Math.max(0, more - NAMES.length) }, (_, at) => {
    const [name, letters, kind, owner] = NAMES[at % 6]!
    return [`${name}${at + 1}号`, letters, kind, owner]
  })
  return [...NAMES, ...many].map(([name, letters, kind, owner], at) => {
    const id = `o${at + 1}`
    initials.set(id, letters)
    return {
      id,
      kind,
      name,
      owner,
      phone: `1380000000${at}`,
      address: '槐安县柳汀镇大集',
      slot: kind === 'stall' ? { market: 'm1', slot: `东排 ${at + 11} 号` } : null,
      varieties: ['早点'],
      status: 'active',
      licences:
        kind === 'small_restaurant'
          ? [{ kind: 'small_restaurant_registration', number: '演示登〔2026〕379921-0017', holder: owner, valid_from: '2026-03-12', valid_to: '2029-03-11', scope: '' }]
          : [],
    }
  })
}
