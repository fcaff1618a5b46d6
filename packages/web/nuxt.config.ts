import { fileURLToPath } from 'node:url';
import type { NitroConfig } from 'nitropack/types';
import { bundleIcons } from './lucide-plugin.ts';

declare module '@nuxt/schema' {
  // Missing in this version: without it, nothing of Nitro's own options may be given.
  interface NitroTypes {
    config: NitroConfig;
  }
}

/** No server of its own: Parlour's loads what is built here and calls it (server/render-entry.ts). */
const pages = {
  preset: 'node-listener',
  entry: fileURLToPath(new URL('./server/render-entry.ts', import.meta.url)),
  serveStatic: false,
  compressPublicAssets: { gzip: true, brotli: true },
  sourceMap: false,
} satisfies NitroConfig;

export default defineNuxtConfig({
  compatibilityDate: '2026-10-01',
  modules: ['@nuxt/ui'],
  buildDir: '.nuxt',
  css: ['~/assets/main.css'],
  telemetry: false,
  devtools: { enabled: false },
  // The kit lends behaviour (focus traps, menus, toasts); every line of its look is ours.
  ui: { fonts: false, colorMode: false, theme: { unstyled: true }, experimental: { componentDetection: true } },
  icon: { mode: 'svg', provider: 'none', fallbackToApi: false, clientBundle: { scan: false, icons: [] } },
  components: [{ path: '~/components', pathPrefix: false }],
  features: { inlineStyles: false },
  experimental: {
    appManifest: false,
    emitRouteChunkError: 'manual',
    payloadExtraction: false,
    defaults: { nuxtLink: { prefetch: false } },
  },
  typescript: { strict: true },
  hooks: {
    // The kit's palette, put into every page by a plugin of its own. Nothing here is painted with it.
    'app:resolve': (app) => {
      app.plugins = app.plugins.filter(({ src }) => !/@nuxt\/ui\/dist\/runtime\/plugins\/colors/.test(src));
    },
  },
  vite: { plugins: [bundleIcons()] },
  $production: { nitro: pages },
});
