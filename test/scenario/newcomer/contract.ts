import type { Mistake } from './files.ts';

export const CONTRACT_MISTAKES: Readonly<Record<string, Mistake>> = {
  'no calls': [/calls:\n( .*\n)*/, '', '1:1: missing key "calls": an object is needed'],
  'calls without any': [/calls:\n( .*\n)*/, 'calls:\n', '4:7: expected an object, got null'],
  'a call of which nothing is said': [
    /price: \{.*\}/,
    'price:',
    '5:9: expected an object (…), got null',
  ],
  'a call that the system does not name': [
    '  price: {',
    '  prices: {',
    '5:3: unknown call "prices", did you mean "price"?',
  ],
  'no budget': [
    /budget.*\n/,
    '',
    '1:1: missing key "budget": an object (baseline, degraded) is needed',
  ],
  'a time without a unit': [
    '500ms',
    '500',
    '3:21: expected a duration such as 250ms or 2s, got 500 (a bare number has no unit)',
  ],
  'one time for both': [
    'budget: { baseline: 500ms, degraded: 1s }',
    'budget: 1s',
    '3:9: expected an object (baseline, degraded), got "1s"',
  ],
  'one time of the two': [
    'baseline: 500ms, ',
    '',
    '3:1: missing key "baseline": a duration such as 250ms or 2s is needed',
  ],
  'a pointer without a slash': [
    'data: /price/data',
    'data: price/data',
    '5:32: expected a JSON pointer such as /leaderboard/data, got "price/data", did you mean "/price/data"?',
  ],
  'a pointer with dots': [
    'data: /price/data',
    'data: price.data',
    '5:32: expected a JSON pointer such as /leaderboard/data, got "price.data", did you mean "/price/data"?',
  ],
  'a JSONPath for a pointer': [
    'data: /price/data',
    'data: $.price.data',
    '5:32: expected a JSON pointer such as /leaderboard/data, got "$.price.data", did you mean "/price/data"?',
  ],
  'a call without its flag': [
    ', flag: /price/error',
    '',
    '5:3: missing key "flag": text is needed',
  ],
  'a call without its empty value': [
    'empty: null, flag: /price',
    'flag: /price',
    '5:3: missing key "empty": a value is needed',
  ],
  'a request that is its path': [
    '{ get: /products/tea }',
    '/products/tea',
    '2:10: expected an object (get, as, headers), got "/products/tea"',
  ],
  'a method in capitals': [
    'get: /products',
    'GET: /products',
    '2:12: unknown key "GET", did you mean "get"?',
  ],
  'a request by another method': [
    'get: /products',
    'post: /products',
    [
      '2:1: missing key "get": text is needed',
      '2:12: unknown key "post" (there is: get, as, headers)',
    ],
  ],
  'a request with the whole address': [
    'get: /products/tea',
    'get: http://127.0.0.1:3000/products/tea',
    '2:17: expected a path such as /health, got "http://127.0.0.1:3000/products/tea", did you mean "/products/tea"?',
  ],
  'overall that is a pointer': [
    '{ flag: /degraded }',
    '/degraded',
    '7:10: expected an object (flag), got "/degraded"',
  ],
  'never that is one text': [/never: .*/, 'never: ECONN', '8:8: expected a list, got "ECONN"'],
  'an upstream that is not there': [
    'upstream.warehouse.address',
    'upstream.prices.address',
    '8:9: unknown ${upstream.prices.address}, did you mean "upstream.warehouse.address"?',
  ],
  'a name with a capital and a space': [
    'contract: product-page',
    'contract: Product page',
    '1:11: expected a name such as open-game, got "Product page", did you mean "product-page"?',
  ],
};
