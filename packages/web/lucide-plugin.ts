import { icons as lucide } from '@iconify-json/lucide';
import type { Plugin } from 'vite';
import { type IconName, type IconShape, iconNames } from './app/icons/icon-names.ts';

const id = 'virtual:lucide';
const element = /<(path|circle|rect|line|ellipse|polyline|polygon)\s([^>]*?)\/>/g;
const attribute = /([a-z0-9-]+)="([^"]*)"/g;

function readShapes(name: IconName): IconShape[] {
  const body = lucide.icons[name]?.body ?? lucide.icons[lucide.aliases?.[name]?.parent ?? '']?.body;
  if (body === undefined) throw new Error(`Lucide has no icon "${name}".`);
  return Array.from(body.matchAll(element), ([, tag = '', attributes = '']) => [
    tag,
    Object.fromEntries(Array.from(attributes.matchAll(attribute), ([, key = '', value = '']) => [key, value])),
  ]);
}

/** Icons become plain shapes at build time: no request for them, and no markup inserted as text. */
export function bundleIcons(): Plugin {
  return {
    name: 'parlour-icons',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (source) =>
      source === `\0${id}`
        ? `export default ${JSON.stringify(Object.fromEntries(iconNames.map((name) => [name, readShapes(name)])))}`
        : undefined,
  };
}
