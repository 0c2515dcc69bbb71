/** What is written in the place of what, and what is then said of it: `line:column: message`, one or each. */
export type Mistake = readonly [
  from: string | RegExp,
  to: string,
  said: string | readonly string[],
  kind?: Kind,
];

export type Kind = 'system' | 'contract' | 'scenario';

/** Files as a newcomer writes them first, without a mistake. */
export const FILES: Readonly<Record<`${Kind}.yaml`, string>> = {
  'system.yaml': `system: shop
service:
  command: [node, app.js]
  env: { PORT: '\${port}', WAREHOUSE_URL: '\${upstream.warehouse.url}' }
  ready: { get: /health }
upstreams:
  warehouse:
    target: http://127.0.0.1:7070
    calls:
      price: GET /prices/:item
      stock: GET /stock/:item
`,
  'contract.yaml': `contract: product-page
request: { get: /products/tea }
budget: { baseline: 500ms, degraded: 1s }
calls:
  price: { part: /price, data: /price/data, empty: null, flag: /price/error }
  stock: { part: /stock, data: /stock/data, empty: null, flag: /stock/error }
overall: { flag: /degraded }
never: ['\${upstream.warehouse.address}', ECONN]
`,
  'scenario.yaml': `scenario: One failing call takes nothing else off the page
id: product-page.one-call
use: [./system.yaml, ./contract.yaml]
matrix:
  call: [price, stock]
  fault: [reset, hang, status: 503]
faults:
  - { on: 'warehouse.\${call}', inject: '\${fault}' }
expect: { degraded: exact }
recovery: { within: 5s }
`,
};
