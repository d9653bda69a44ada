import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { contract, routesOf } from '@couplet/api'
import { defineConfig, type Plugin } from 'vite'

const ROUTES = 'virtual:api-routes'

/** Gives the page the addresses of the API without its schemas. */
const apiRoutes = (): Plugin => ({
  name: 'api-routes',
  resolveId: (id) => (id === ROUTES ? ROUTES : undefined),
  load: (id) => (id === ROUTES ? `export const routes = ${JSON.stringify(routesOf(contract))}` : undefined),
})

/**
 * The first screen loads the frame, the router and the query cache only; the builder, the map and the code editor come when they
 * are opened. Nothing is inlined: the page's policy allows scripts and styles from files alone.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), apiRoutes()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            {
              name: 'frame',
              test: /node_modules[\\/]@tanstack[\\/](react-router|router-core|history|react-query|query-core|react-store|store)[\\/]/,
            },
            { name: 'map', test: /node_modules[\\/](@xyflow|@dagrejs|d3-)/ },
            { name: 'editor', test: /node_modules[\\/](@codemirror|@lezer|style-mod|crelt|w3c-keyname)/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4100' } },
})
