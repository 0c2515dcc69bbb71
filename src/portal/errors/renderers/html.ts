import { detailText, type Renderer } from '../renderer.ts';

export const html: Renderer = {
  type: 'text/html; charset=utf-8',
  suits: [],
  render(error) {
    const detail = detailText(error);
    const paragraph = detail === '' ? '' : `\n<p>${escape(detail)}</p>`;
    return `<h1>${escape(error.title)}</h1>${paragraph}`;
  },
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
