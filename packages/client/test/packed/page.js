import { createClient } from '@parlour/client';

const { server, token, room: id } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const client = createClient({ url: server, credentials: () => token });
const room = client.room(id);

room.subscribe(() => {
  const items = room.snapshot.events.map((event) => {
    const item = document.createElement('li');
    item.textContent = event.event === 'message' ? event.body : event.change;
    return item;
  });
  document.querySelector('ul').replaceChildren(...items);
});

client.connect();
room.open();
room.send('hello from the page');
