import type { Mistake } from './files.ts';

export const SCENARIO_MISTAKES: Readonly<Record<string, Mistake>> = {
  'no id': [/id: .*\n/, '', '1:1: missing key "id": text is needed'],
  'no use': [/use: .*\n/, '', '1:1: missing key "use": a list is needed'],
  'use that is one text': [
    '[./system.yaml, ./contract.yaml]',
    './system.yaml',
    '3:6: expected a list, got "./system.yaml"',
  ],
  'a path that leads nowhere': [
    './contract.yaml',
    './contracts/contract.yaml',
    '3:22: no such file: contracts/contract.yaml, did you mean "./contract.yaml"?',
  ],
  'no system in use': [
    './system.yaml, ',
    '',
    '3:1: name one system file, such as ./system.yaml: this names none',
  ],
  'an id with spaces': [
    'product-page.one-call',
    'Product page',
    '2:5: expected an id such as open-game.one-call, got "Product page", did you mean "product-page"?',
  ],
  'a fault that is misspelt': [
    '[reset, hang',
    '[reste, hang',
    '6:11: unknown fault "reste", did you mean "reset"?',
  ],
  'no fault at all': [
    ", inject: '${fault}'",
    '',
    '8:5: missing key "inject": a fault such as reset or { status: 503 } is needed',
  ],
  'a fault on nothing': ["on: 'warehouse.${call}', ", '', '8:5: missing key "on": text is needed'],
  'faults that are no list': [
    '  - { on:',
    '  { on:',
    '7:1: expected a list, got {"on":"warehouse.price","inject":"reset"}',
  ],
  'a fault alone': [
    /  - \{ on.*/,
    '  - reset',
    '8:5: "reset" is a fault, and no preset: say what it breaks, { on: warehouse, inject: reset }',
  ],
  'a fault on what is not there': [
    'warehouse.${call}',
    'shop.${call}',
    '8:11: unknown upstream or call "shop.price" (there is: warehouse, warehouse.price, warehouse.stock)',
  ],
  'a call that is misspelt in the matrix': [
    '[price, stock]',
    '[price, stok]',
    '8:11: unknown upstream or call "warehouse.stok", did you mean "warehouse.stock"?',
  ],
  'an axis that is no list': [
    'call: [price, stock]',
    'call: price',
    '5:9: expected a list, got "price"',
  ],
  'an axis that stands nowhere': ['${call}', 'price', '5:3: no ${call} stands anywhere'],
  'a variable that is misspelt': [
    '${call}',
    '${cal}',
    '8:11: unknown ${cal}, did you mean "call"?',
  ],
  'a variable without braces': [
    '${call}',
    '$call',
    '8:11: unknown upstream or call "warehouse.$call", did you mean "warehouse.price"?',
  ],
  'a latency without a unit': [
    'status: 503',
    'latency: 500',
    '6:33: latency delay: expected a duration such as 250ms or 2s, got 500 (a bare number has no unit)',
  ],
  'a status in words': [
    'status: 503',
    'status: unavailable',
    '6:32: status code: expected a whole number from 200 to 599, got "unavailable"',
  ],
  'a status that there is not': [
    'status: 503',
    'status: 700',
    '6:32: status code: expected a whole number from 200 to 599, got 700',
  ],
  'an expectation that is one word': [
    '{ degraded: exact }',
    'exact',
    '9:9: expected an object (…), got "exact"',
  ],
  'degraded: true': [
    'degraded: exact',
    'degraded: true',
    '9:21: expected exact, none, either or a list, got true',
  ],
  'a word that is misspelt': [
    'degraded: exact',
    'degraded: exactly',
    '9:21: expected exact, none, either or a list, got "exactly", did you mean "exact"?',
  ],
  'one call for a list': [
    'degraded: exact',
    'degraded: price',
    '9:21: expected exact, none, either or a list, got "price"',
  ],
  'recovery that is a time': [
    '{ within: 5s }',
    '5s',
    '10:11: expected an object (within), got "5s"',
  ],
  'seconds in words': [
    '5s',
    '5 seconds',
    '10:21: expected a duration such as 250ms or 2s, got "5 seconds"',
  ],
  'a class of statuses': ['degraded: exact', 'status: 2xx', '9:19: expected a number, got "2xx"'],
  'a pointer with dots': [
    'degraded: exact',
    'body: { price.error: true }',
    '9:19: expected a JSON pointer such as /leaderboard/data, got "price.error", did you mean "/price/error"?',
  ],
  'one tag for a list': ['matrix:', 'tags: smoke\nmatrix:', '4:7: expected a list, got "smoke"'],
  'steps without a dash': [
    /expect: .*/,
    'steps:\n  send: product-page',
    '9:1: expected a list, got {"send":"product-page"}',
  ],
  'a step that is one word': [
    /expect: .*/,
    'steps:\n  - send',
    '10:5: expected a step such as { get: /health }, got "send"',
  ],
  'a method in capitals': [
    /expect: .*/,
    'steps:\n  - GET: /products/tea',
    '10:5: not a step, did you mean "get"?',
  ],
  'two steps in one': [
    /expect: .*/,
    'steps:\n  - get: /x\n    post: /y',
    '11:5: a step does one thing: put "post" into a step of its own, after a dash',
  ],
  'an upstream that is not there': [
    /expect: .*/,
    'steps:\n  - stop: prices\n  - send: product-page',
    '10:11: unknown upstream "prices" (there is: warehouse)',
  ],
  'expect as a step of its own': [
    /expect: .*/,
    'steps:\n  - send: product-page\n  - expect: { status: 200 }',
    '11:5: "expect" is a part of the step above it: indent it as far as that one’s keys, without a dash',
  ],
  'expect that is a status': [
    /expect: .*/,
    'steps:\n  - get: /x\n    expect: 200',
    '11:13: expected an object (…), got 200',
  ],
  'a wait without a unit': [
    /expect: .*/,
    'steps:\n  - wait: 5\n  - send: product-page',
    '10:11: expected a duration such as 250ms or 2s, got 5 (a bare number has no unit)',
  ],
  'a path for a contract': [
    /expect: .*/,
    'steps:\n  - send: /products/tea',
    '10:11: unknown contract "/products/tea" (there is: product-page)',
  ],
  'a trigger that is a number': [
    "inject: '${fault}'",
    "inject: '${fault}', trigger: 3",
    '8:61: expected a trigger such as { first: 2 }, got 3',
  ],
  'a trigger that is misspelt': [
    "inject: '${fault}'",
    "inject: '${fault}', trigger: { frist: 3 }",
    '8:63: unknown trigger "frist", did you mean "first"?',
  ],
  'faults without any': [/faults:\n.*\n/, 'faults:\n', '7:8: expected a list, got null'],
};
