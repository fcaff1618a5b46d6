import {
  type Component,
  createApp,
  createSSRApp,
  defineComponent,
  h,
  onMounted,
  type PropType,
  shallowReactive,
  toRef,
  watch,
} from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { Client, RoomEvent } from '../../src/client.ts';
import { useConnection, useParlour, useRoom } from '../../src/vue/vue.ts';
import type { Binding, Mount, ParlourProbeProps, ProbeProps, Shown } from './binding.ts';
import { newRoot } from './page.ts';

type OnRender = (shown: Shown) => void;

/** After mounting and after each change, as the page would show it. */
function report(look: () => Shown, onRender: OnRender): void {
  onMounted(() => onRender(look()));
  watch(look, (shown) => onRender(shown), { flush: 'post' });
}

function useRoomProbe(props: { client: Client; room: string; history: RoomEvent[]; onRender: OnRender }) {
  const connection = useConnection(props.client);
  const { room, snapshot, events } = useRoom(props.client, toRef(props, 'room'), () => ({ history: props.history }));
  const send: Shown['send'] = (body) => room.value.send(body);
  report(() => ({ readyState: connection.value.name, snapshot: snapshot.value, send }), props.onRender);
  return () => h('p', `${events.value.length} events, ${connection.value.name}`);
}

const RoomProbe = defineComponent({
  props: {
    client: { type: Object as PropType<Client>, required: true },
    room: { type: String, required: true },
    history: { type: Array as PropType<RoomEvent[]>, default: () => [] },
    onRender: { type: Function as PropType<OnRender>, required: true },
  },
  setup: useRoomProbe,
});

function useParlourProbe(props: ParlourProbeProps) {
  const { send, data, readyState, room } = useParlour({ ...props.options, room: () => props.options.room });
  report(
    () => ({ readyState: readyState.value, snapshot: room.snapshot.value, data: data.value, send }),
    props.onRender,
  );
  return () => null;
}

const ParlourProbe = defineComponent({
  props: {
    options: { type: Object as PropType<ParlourProbeProps['options']>, required: true },
    onRender: { type: Function as PropType<OnRender>, required: true },
  },
  setup: useParlourProbe,
});

function mount<Props extends object>(Probe: Component, props: Props): Mount<Props> {
  const current = shallowReactive({ ...props });
  const app = createApp({ render: () => h(Probe, { ...current }) });
  app.mount(newRoot());
  return { update: (next) => Object.assign(current, next), unmount: () => app.unmount() };
}

export const vueBinding: Binding = {
  name: 'Vue',
  mountRoom: (props: ProbeProps) => mount(RoomProbe, props),
  mountParlour: (props: ParlourProbeProps) => mount(ParlourProbe, props),
  renderRoom: (props) => renderToString(createSSRApp(RoomProbe, { ...props, onRender: () => {} })),
};
