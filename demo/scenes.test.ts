import { expect, test } from 'vitest';
import { Phrases } from './phrases.ts';
import { Deck, Random } from './random.ts';
import { parseScenes } from './scenes.ts';

test('a scene is lines of people, and a line without one goes on with the message before', () => {
  const text = 'A: One\n\n  two\nB: Three\n---\nA: Four\n=== today\nada: Five: six\n';
  expect(parseScenes(text)).toEqual({
    any: [
      [
        { who: 'A', text: 'One\n\n  two' },
        { who: 'B', text: 'Three' },
      ],
      [{ who: 'A', text: 'Four' }],
    ],
    today: [[{ who: 'ada', text: 'Five: six' }]],
  });
  expect(() => parseScenes('hello\n')).toThrow('nobody says “hello”');
});

test('a word stays the same all through a scene, and its second is another', () => {
  const words = new Map([['tool', ['vice', 'jigsaw']]]);
  const cast = new Map([['A', 'tomas' as const]]);
  const phrases = new Phrases(words, new Random(1), cast);
  const [first = '', second = '', again = ''] = phrases.fill('«tool» «tool2» «tool»').split(' ');
  expect(again).toBe(first);
  expect([first, second].sort()).toEqual(['jigsaw', 'vice']);
  expect(phrases.fill('«no|no «tool» at all»')).toMatch(/^no( (vice|jigsaw) at all)?$/);
  expect(phrases.fill('«A» and @A, @grace, ada@example.org, @nobody')).toBe(
    'Tomás and @tomás-arriaga, @grace-hopper, ada@example.org, @nobody',
  );
  expect(() => phrases.fill('«fish»')).toThrow('no words for «fish»');
});

test('a deck deals every card before one comes again, and not soon after', () => {
  const deck = new Deck([1, 2, 3, 4, 5, 6], new Random(7));
  const dealt = Array.from({ length: 60 }, () => deck.deal());
  for (let i = 0; i < 60; i += 6) expect(new Set(dealt.slice(i, i + 6)).size).toBe(6);
  for (let i = 1; i < 60; i++) expect(dealt.slice(Math.max(0, i - 3), i)).not.toContain(dealt[i]);
});
