declare module 'virtual:lucide' {
  const shapes: Record<import('./icon-names.ts').IconName, import('./icon-names.ts').IconShape[]>;
  export default shapes;
}
