/** The pages. Back goes back; every page but 登记 is saved as the last one. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import TodayPage from './today/TodayPage.vue'
import { savePage } from './session/restore.ts'

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/today' },
  { path: '/index.html', redirect: '/today' },
  { path: '/enrol', component: () => import('./enrol/EnrolPage.vue'), meta: { unsaved: true } },
  { path: '/lost', component: () => import('./enrol/LostPage.vue'), meta: { unsaved: true } },
  { path: '/newer', component: () => import('./enrol/NewerPage.vue'), meta: { unsaved: true } },
  { path: '/key', component: () => import('./enrol/KeyPage.vue'), meta: { unsaved: true } },
  { path: '/today', component: TodayPage },
  { path: '/ready', component: () => import('./trip/ReadyPage.vue') },
  { path: '/people', component: () => import('./people/PeoplePage.vue') },
  { path: '/operators', component: () => import('./operators/OperatorsPage.vue') },
  { path: '/operators/new', component: () => import('./operators/RegisterPage.vue') },
  { path: '/operators/:id', component: () => import('./operators/OperatorPage.vue'), props: true },
  { path: '/inspections/:id/checklist', component: () => import('./checklist/ChecklistPage.vue'), props: true },
  { path: '/inspections/:id/licences', component: () => import('./licences/LicencesPage.vue'), props: true },
  { path: '/inspections/:id/conclusion', component: () => import('./conclusion/ConclusionPage.vue'), props: true },
  { path: '/inspections/:id/sign', component: () => import('./signing/SigningPage.vue'), props: true },
  { path: '/inspections/:id/locked', component: () => import('./signing/LockedPage.vue'), props: true },
  { path: '/records', component: () => import('./records/RecordsPage.vue') },
  { path: '/records/:id', component: () => import('./records/RecordPage.vue'), props: true },
  { path: '/records/:id/amendment', component: () => import('./amendment/AmendmentPage.vue'), props: true },
  { path: '/offered', component: () => import('./offered/OfferedPage.vue') },
  { path: '/tray', component: () => import('./tray/TrayPage.vue') },
  { path: '/photos/:id', component: () => import('./photos/PhotoPage.vue'), props: true },
  { path: '/me', component: () => import('./me/MePage.vue') },
  { path: '/sync', component: () => import('./sync/SyncPage.vue') },
  { path: '/:rest(.*)*', redirect: '/today' },
]

export const router = createRouter({ history: createWebHistory('/'), routes })

let movedBack = false
router.options.history.listen((_to, _from, info) => {
  movedBack = info.delta < 0
})

router.afterEach((to) => {
  if (!to.meta['unsaved']) savePage(to.fullPath)
})

/** Whether the page that opens now was reached by going back; asking forgets it. */
export function takeMovedBack(): boolean {
  const was = movedBack
  movedBack = false
  return was
}

/** Goes back, or to the parent page where the app was opened right here. */
export function goBack(parent: string): void {
  if (window.history.state?.back) router.back()
  else void router.replace(parent)
}
