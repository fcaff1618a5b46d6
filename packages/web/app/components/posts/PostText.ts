import { type FunctionalComponent, h } from 'vue';
import PlainText from '../messages/PlainText.ts';

/** Paragraphs are what stands between empty lines. */
const PostText: FunctionalComponent<{ text: string }> = ({ text }) =>
  text
    .trim()
    .split(/\n[^\S\n]*\n\s*/u)
    .map((paragraph, index) => h('p', { key: index }, h(PlainText, { text: paragraph })));
PostText.props = ['text'];

export default PostText;
