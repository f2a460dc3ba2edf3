/** The visit of the page a part stands on. */
import { inject, type InjectionKey, provide } from 'vue'
import type { Visit } from './visit.ts'

const HERE: InjectionKey<Visit> = Symbol('visit')

/** Says which visit this page is about. */
export function provideVisit(visit: Visit): void {
  provide(HERE, visit)
}

/** The visit of the page. */
export function useVisitHere(): Visit {
  const visit = inject(HERE)
  if (!visit) throw new Error('a part of the checklist outside its page')
  return visit
}
