/** A document for the two frameworks, which look for one when they are loaded: import this before them. */
import { Window } from 'happy-dom';

const window = new Window();
const { document, Element, SVGElement } = window;
// No browser's WebSocket and fetch: those stay Node's own, so that the network is a real one.
Object.assign(globalThis, { window, document, Element, SVGElement });

export function newRoot(): HTMLElement {
  return globalThis.document.body.appendChild(globalThis.document.createElement('div'));
}
