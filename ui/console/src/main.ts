import '@xunji/shared/old.ts'
import '@xunji/shared/tokens.css'
import '@xunji/shared/themes/element.css'
import './styles/base.css'
import './styles/element.css'
import './styles/controls.css'
import './styles/print.css'
import './styles/narrow.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { chosenLook, wear } from './look/look.ts'
import { router } from './router.ts'

// Before the first paint, so that a dark room stays dark.
wear(chosenLook())
createApp(App).use(createPinia()).use(router).mount('#app')
