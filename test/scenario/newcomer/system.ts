import type { Mistake } from './files.ts';

export const SYSTEM_MISTAKES: Readonly<Record<string, Mistake>> = {
  'upstream for upstreams': [
    'upstreams:',
    'upstream:',
    '6:1: unknown key "upstream", did you mean "upstreams"?',
  ],
  'no upstreams': [/upstreams:[^]*/, '', '1:1: missing key "upstreams": an object is needed'],
  'upstreams without any': [/upstreams:[^]*/, 'upstreams:\n', '6:11: expected an object, got null'],
  'a list of upstreams': [
    '  warehouse:\n    target',
    '  - warehouse:\n    target',
    '6:1: expected an object, got [{"warehouse":null,"target":"http://127.0.0.1:7070","calls":{"price":"GET /prices/:item","stock":"GE…',
  ],
  'an upstream that is its address': [
    /warehouse:\n[^]*/,
    'warehouse: http://127.0.0.1:7070\n',
    '7:14: expected an object (…), got "http://127.0.0.1:7070"',
  ],
  'no target': [
    /    target: .*\n/,
    '',
    '7:3: expected "builtin stats", a mock such as ./mock.yaml, or the address of the real thing, such as http://127.0.0.1:5000',
  ],
  'no service': [/service:\n( .*\n)*/, '', '1:1: missing key "service": an object (…) is needed'],
  'a command that is one text': [
    '[node, app.js]',
    'node app.js',
    '3:12: expected a list, which no shell takes apart: command: ["node", "app.js"]',
  ],
  'start for command': [
    'command: [node, app.js]',
    'start: node app.js',
    '3:10: expected "builtin portal"; for a program of your own use command: [...]',
  ],
  'a number in env': ["'${port}'", '3000', '4:16: expected text, got 3000: put it in quotes'],
  'a program that is told no port': [
    "PORT: '${port}', ",
    '',
    '3:3: say in command or env where the program is told its port: "${port}"',
  ],
  'the port as a shell would have it': [
    '${port}',
    '$PORT',
    '3:3: say in command or env where the program is told its port: "${port}"',
  ],
  'the port in capitals': ['${port}', '${PORT}', '4:16: unknown ${PORT}, did you mean "port"?'],
  'ready that is a path': [
    '{ get: /health }',
    '/health',
    '5:10: expected an object (get, within), got "/health"',
  ],
  'a path without a slash': [
    '/health',
    'health',
    '5:17: expected a path such as /health, got "health", did you mean "/health"?',
  ],
  'a time without a unit': [
    '/health',
    '/health, within: 20',
    '5:34: expected a duration such as 250ms or 2s, got 20 (a bare number has no unit)',
  ],
  'a variable that is misspelt': [
    'upstream.warehouse.url',
    'upstreams.warehouse.url',
    '4:42: unknown ${upstreams.warehouse.url}, did you mean "upstream.warehouse.url"?',
  ],
  'half a variable': [
    'upstream.warehouse.url',
    'warehouse.url',
    '4:42: unknown ${warehouse.url} (there is: upstream.warehouse.url, upstream.warehouse.address, port, secret)',
  ],
  'a target with a path': [
    ':7070',
    ':7070/api',
    '8:13: expected "builtin stats", a mock such as ./mock.yaml, or the address of the real thing, such as http://127.0.0.1:5000',
  ],
  'a target without http': [
    'http://127.0.0.1:7070',
    '127.0.0.1:7070',
    '8:13: expected an address such as http://127.0.0.1:5000; host:port is for protocol: tcp',
  ],
  'a call without its method': [
    'GET /prices/:item',
    '/prices/:item',
    '10:14: expected a method and a path such as "GET /stats/:id", got "/prices/:item"',
  ],
  'a call in small letters': [
    'GET /prices/:item',
    'get /prices/:item',
    '10:14: expected a method and a path such as "GET /stats/:id", got "get /prices/:item"',
  ],
  'a call without a slash': [
    'GET /prices/:item',
    'GET prices/:item',
    '10:14: expected a method and a path such as "GET /stats/:id", got "GET prices/:item"',
  ],
  'a call with its name in braces': [
    'GET /prices/:item',
    'GET /prices/{item}',
    '10:14: expected a name in a path such as /:item, got /{item}: braces hold what may be left out',
  ],
  'a call that is an object': [
    'GET /prices/:item',
    '{ get: /prices/:item }',
    '10:7: expected "GET /path/:name", got {"get":"/prices/:item"}',
  ],
  'a name with an underscore': [
    'price: GET',
    'item_price: GET',
    '10:7: expected a name such as player-stats, got "item_price", did you mean "item-price"?',
  ],
  'a name with capitals and a space': [
    'system: shop',
    'system: My Shop',
    '1:9: expected a name such as player-stats, got "My Shop", did you mean "my-shop"?',
  ],
  'yes for true': ['ready:', 'stateless: yes\n  ready:', '5:14: expected true or false, got "yes"'],
  'true in env': [
    "PORT: '${port}'",
    "PORT: '${port}', DEBUG: true",
    '4:34: expected text, got true: put it in quotes',
  ],
};
