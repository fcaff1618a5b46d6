import shapes from 'virtual:lucide';
import { type FunctionalComponent, h } from 'vue';
import type { IconName } from '../../icons/icon-names.ts';

/** An icon is decoration: what it means stands in words beside it, or in its button's label. */
const AppIcon: FunctionalComponent<{ name: IconName }> = ({ name }) =>
  h(
    'svg',
    {
      class: 'icon',
      viewBox: '0 0 24 24',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    },
    shapes[name].map(([tag, attributes]) => h(tag, attributes)),
  );
AppIcon.props = ['name'];

export default AppIcon;
