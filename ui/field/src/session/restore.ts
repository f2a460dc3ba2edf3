/** The last page: saved at every move, opened again after the app was killed. */
import type { Router } from 'vue-router'
import { backend } from '../backend/backend.ts'
import { useSession } from './session.ts'

let saved = ''

/** Saves where the inspector is. A failure is not worth a word: the page is found again by hand. */
export function savePage(route: string): void {
  if (route === saved) return
  saved = route
  backend()
    .call({ cmd: 'save_page', route })
    .catch(() => undefined)
}

/**
 * Opens the app where it was: an unfinished page above 今日, so that back leads there; 登记 on a new phone; data of a
 * newer program are not opened.
 */
export async function openWhereLeft(router: Router): Promise<void> {
  const status = await useSession().load()
  if (useSession().newer) {
    await router.replace('/newer')
    return
  }
  if (useSession().keyless) {
    await router.replace('/key')
    return
  }
  if (!status) return
  if (status.local_lost) {
    await router.replace('/lost')
    return
  }
  if (!status.enrolled) {
    await router.replace('/enrol')
    return
  }
  const page = status.page
  await router.replace('/today')
  if (page && page !== '/today') await router.push(page)
}
