// Stands in for the built pages where a test runs the real process but looks at no page.
export async function render() {
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'a page' };
}
