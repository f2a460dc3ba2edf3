/** Where a person does what only he can do, and the word on the key that leads there. */
import type { PersonTask } from '../backend/types.ts'

export function wayOf(task: PersonTask): { to: string; label: string } {
  switch (task.page) {
    case 'record': return { to: `/records/${task.id}`, label: '打开记录' }
    case 'operator': return { to: `/operators/${task.id}`, label: '打开主体' }
    case 'draft': return { to: `/inspections/${task.id}/checklist`, label: '去重拍' }
    case 'ready': return { to: '/ready', label: '看还剩多少' }
    case 'me': return { to: '/me', label: '看本机编号' }
  }
}
