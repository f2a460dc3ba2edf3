import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The gallery, and the app over the backend in memory: for pictures and checks of accessibility, never released.
export default defineConfig({
  plugins: [vue()],
  define: { 'import.meta.env.DEV': 'true', 'import.meta.env.VITE_BACKEND': '"memory"' },
  build: {
    outDir: 'dist-gallery',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { input: ['index.html', 'gallery.html'] },
  },
})
