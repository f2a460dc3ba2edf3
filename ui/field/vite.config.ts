import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Old Android WebViews stand at Chromium 87; anything newer in the output is a white screen there.
export default defineConfig({
  plugins: [vue()],
  build: {
    target: ['chrome87', 'safari15'],
    cssTarget: 'chrome87',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // The development server reads the checklists for the backend of component tests.
  server: { fs: { allow: ['../..'] } },
})
