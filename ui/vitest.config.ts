import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// One run for both faces and what they share.
export default defineConfig({
  plugins: [vue()],
  // The checklists of the domain are read by the field app's component tests.
  server: { fs: { allow: ['..'] } },
  test: {
    environment: 'happy-dom',
    include: ['{shared,field,console}/src/**/*.test.ts', 'checks/*.test.ts'],
  },
})
