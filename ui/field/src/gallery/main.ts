/** The field app's components in every state. Development only: `npm run dev -w field`, then /gallery.html. */
import '@xunji/shared/old.ts'
import { createPinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { openGallery } from '@xunji/shared/gallery/gallery.ts'
import '@xunji/shared/tokens.css'
import '../styles/base.css'
import '../styles/layout.css'
import '../styles/controls.css'
import '../styles/checklist.css'
import '../styles/closing.css'
import '../checklist/dock.css'
import { setBackend } from '../backend/backend.ts'
import { useDraft } from '../checklist/draft.ts'
import { useSession } from '../session/session.ts'
import { sampleBackend, VISIT } from './sample.ts'
import { titles } from './titles.ts'

/** A phone of the common width. */
const PHONE = 360

const shows = import.meta.glob<{ default: import('vue').Component }>('./shows/*.vue', { eager: true })

void openGallery(titles, shows, PHONE, async (app) => {
  setBackend(await sampleBackend())
  // Links of the components lead nowhere here.
  const nowhere = { template: '<i />' }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: nowhere }] })
  app.use(createPinia()).use(router)
  await useSession().load()
  await useDraft().load(VISIT)
})
