/** The kit's parts carry our class names (assets/kit.css) and nothing of their own. */
export default defineAppConfig({
  ui: {
    icons: { close: 'i-lucide-x', loading: 'i-lucide-loader-circle', check: 'i-lucide-check' },
    modal: {
      slots: {
        overlay: 'dialog-veil',
        content: 'dialog',
        header: 'dialog-head',
        wrapper: 'dialog-words',
        title: 'dialog-title',
        description: 'dialog-text',
        body: 'dialog-body',
      },
    },
    slideover: { slots: { overlay: 'dialog-veil', content: 'sheet', header: 'sheet-head', title: 'dialog-title' } },
    dropdownMenu: { slots: { content: 'menu', item: 'menu-item' } },
    toaster: { slots: { viewport: 'toasts', base: 'toast' } },
    toast: { slots: { wrapper: 'toast-words' } },
  },
});
