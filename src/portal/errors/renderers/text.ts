import { detailText, type Renderer } from '../renderer.ts';

export const text: Renderer = {
  type: 'text/plain; charset=utf-8',
  suits: [],
  render(error) {
    const detail = detailText(error);
    return detail === '' ? error.title : `${error.title}\n${detail}`;
  },
};
