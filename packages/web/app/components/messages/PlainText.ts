import { type FunctionalComponent, h, type VNode } from 'vue';
import { parseText, type TextNode } from '../../text/parse-text.ts';

type Props = {
  text: string;
  /** Those who can be meant by an `@name` here, and which of them the reader is. */
  handles?: ReadonlySet<string> | undefined;
  own?: string | undefined;
};

const link = { class: 'prose-link', target: '_blank', rel: 'noopener noreferrer nofollow' };

function show(node: TextNode, { handles, own }: Props): VNode | string {
  if (node.kind === 'link') return h('a', { ...link, href: node.href }, node.text);
  if (node.kind === 'mention' && node.handle === own) return h('mark', { class: 'mention-you' }, node.text);
  if (node.kind === 'mention' && handles?.has(node.handle)) return h('span', { class: 'mention' }, node.text);
  return node.text;
}

/** Somebody's text, with its links. Everything in it reaches the page as text nodes. */
const PlainText: FunctionalComponent<Props> = (props) => parseText(props.text).map((node) => show(node, props));
PlainText.props = ['text', 'handles', 'own'];

export default PlainText;
