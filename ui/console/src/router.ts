/** Addresses of the console. Each can be opened directly; without a session it asks to sign in first. */
import { createRouter, createWebHistory } from 'vue-router'
import { onSignedOut } from './backend/http.ts'
import { useSession } from './session/session.ts'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./session/SignInPage.vue'), meta: { open: true } },
    {
      path: '/',
      component: () => import('./shell/Shell.vue'),
      children: [
        { path: '', redirect: { name: 'queue' } },
        { path: 'queue', name: 'queue', component: () => import('./queue/QueuePage.vue'), meta: { title: '待审', phone: true } },
        { path: 'records/:id', name: 'record', component: () => import('./record/RecordPage.vue'), props: true, meta: { title: '检查记录', phone: true } },
        { path: 'reports', name: 'reports', component: () => import('./reports/ReportPage.vue'), meta: { title: '日报' } },
        { path: 'operators', name: 'operators', component: () => import('./register/RegisterPage.vue'), meta: { title: '台账' } },
        { path: 'operators/:id', name: 'operator', component: () => import('./register/OperatorPage.vue'), props: true, meta: { title: '主体' } },
        { path: 'records', name: 'records', component: () => import('./lists/RecordsPage.vue'), meta: { title: '检查记录' } },
        { path: 'statistics', name: 'statistics', component: () => import('./stats/StatsPage.vue'), meta: { title: '统计' } },
        { path: 'conflicts', name: 'conflicts', component: () => import('./conflicts/ConflictPage.vue'), meta: { title: '冲突' } },
        { path: 'held', name: 'held', component: () => import('./held/HeldPage.vue'), meta: { title: '未入账' } },
        { path: 'carried', name: 'carried', component: () => import('./carried/CarriedPage.vue'), meta: { title: '导入离线包' } },
        { path: ':rest(.*)*', name: 'nowhere', component: () => import('./shell/NowherePage.vue'), meta: { title: '没有这个页面', phone: true } },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.meta.open) return true
  if (session.me || (await session.resume())) return true
  return { name: 'sign-in', query: { to: to.fullPath } }
})

router.afterEach((to) => {
  document.title = to.meta.title ? `${String(to.meta.title)} · 巡集` : '巡集'
})

onSignedOut(() => {
  const session = useSession()
  if (!session.me) return
  session.forget()
  void router.push({ name: 'sign-in', query: { to: router.currentRoute.value.fullPath, ended: '1' } })
})
