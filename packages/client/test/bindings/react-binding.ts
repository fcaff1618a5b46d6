import { createElement, Fragment, type FunctionComponent, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { useConnection, useParlour, useRoom } from '../../src/react/react.ts';
import type { Binding, Mount, ParlourProbeProps, ProbeProps } from './binding.ts';
import { newRoot } from './page.ts';

function RoomProbe({ client, room: id, history, onRender }: ProbeProps) {
  const { name: readyState } = useConnection(client);
  const { room, snapshot } = useRoom(client, id, history ? { history } : {});
  useEffect(() => onRender({ readyState, snapshot, send: (body) => room.send(body) }));
  return createElement('p', {}, `${snapshot.events.length} events, ${readyState}`);
}

function ParlourProbe({ options, onRender }: ParlourProbeProps) {
  const { send, data, readyState, room } = useParlour(options);
  useEffect(() => onRender({ readyState, snapshot: room.snapshot, data, send }));
  return null;
}

function mount<Props extends object>(
  Probe: FunctionComponent<Props>,
  Mode: typeof StrictMode,
  props: Props,
): Mount<Props> {
  const root = createRoot(newRoot());
  const update = (next: Props) => root.render(createElement(Mode, {}, createElement(Probe, next)));
  update(props);
  return { update, unmount: () => root.unmount() };
}

function bindingIn(name: string, Mode: typeof StrictMode): Binding {
  return {
    name,
    mountRoom: (props) => mount(RoomProbe, Mode, props),
    mountParlour: (props) => mount(ParlourProbe, Mode, props),
    renderRoom: async (props) =>
      renderToString(createElement(Mode, {}, createElement(RoomProbe, { ...props, onRender: () => {} }))),
  };
}

export const reactBinding = bindingIn('React', Fragment);
export const strictReactBinding = bindingIn('React under StrictMode', StrictMode);
