/** Fields of a request as they come, and as the upstream is to get them; `run` is what the journal says. */
export interface MembersCase {
  readonly name: string;
  readonly came: readonly string[];
  readonly left: readonly string[];
  readonly run: string | null;
}

const members = (
  name: string,
  came: readonly string[],
  left: readonly string[],
  run: string | null = 'r1',
): MembersCase => ({ name, came, left, run });

/** Where brownout's members may stand in a head, and what is left when they are gone. */
export const MEMBERS: readonly MembersCase[] = [
  members('alone: the field goes', ['A: 1', 'baggage: brownout.run=r1', 'B: 2'], ['A: 1', 'B: 2']),
  members('first of many', ['baggage: brownout.run=r1, a=1, b=2'], ['baggage: a=1, b=2']),
  members('in the middle', ['baggage: a=1,brownout.run=r1 , b=2'], ['baggage: a=1, b=2']),
  members('last of many', ['baggage: a=1, b=2, brownout.run=r1'], ['baggage: a=1, b=2']),
  members('without any white space', ['baggage:brownout.run=r1,a=1'], ['baggage:a=1']),
  members(
    'with odd white space',
    ['baggage:\t  brownout.run = \tr1\t,  a=1  ,\tb=2 \t'],
    ['baggage:\t  a=1  ,\tb=2 \t'],
  ),
  members(
    'with properties, beside one that has some',
    ['baggage: brownout.run=r1;k=v;p, a=1;k=brownout.run=no'],
    ['baggage: a=1;k=brownout.run=no'],
  ),
  members(
    'in several fields of any case, in any order',
    ['BAGGAGE: a=1', 'X: y', 'bAgGaGe: brownout.run=r1,b=2', 'baggage: brownout.plan=zz'],
    ['BAGGAGE: a=1', 'X: y', 'bAgGaGe: b=2'],
  ),
  members(
    'that nobody knows',
    ['baggage: brownout.run=r1,brownout.other=1,brownout.=2,brownout.flag'],
    [],
  ),
  members('among empty ones', ['baggage: , brownout.run=r1,,'], []),
  members('beside empty ones and another', ['baggage: ,a=1,,brownout.run=r1'], ['baggage: ,a=1,']),
  members(
    'twice: the last one counts',
    ['baggage: brownout.run=r0', 'baggage: brownout.run=r1'],
    [],
  ),
  members(
    'percent-encoded',
    ['baggage: brownout.run=open%2Dgame%5Ba%2C%C3%A9%5D'],
    [],
    'open-game[a,é]',
  ),
  members(
    'that no name of a run can be made of: it has none',
    ['baggage: brownout.run=%00, a=1'],
    ['baggage: a=1'],
    null,
  ),
  members('of an empty name', ['baggage: brownout.run=, a=1'], ['baggage: a=1'], null),
  members('of a name that is too long', [`baggage: brownout.run=${'x'.repeat(129)}`], [], null),
  members('of the longest name', [`baggage: brownout.run=${'x'.repeat(128)}`], [], 'x'.repeat(128)),
  members('that are no UTF-8', ['baggage: brownout.run=%ff%fe'], [], null),
  members(
    'beside bytes beyond ASCII, which stay',
    ['baggage: brownout.run=r1,\xa0a=\xe9\xff\x80\xa0', 'X: \x80'],
    ['baggage: \xa0a=\xe9\xff\x80\xa0', 'X: \x80'],
  ),
  members(
    'among 2,000 others',
    [`baggage: ${'a=1,'.repeat(1000)}brownout.run=r1,${'b=2,'.repeat(1000)}c=3`],
    [`baggage: ${'a=1,'.repeat(1000)}${'b=2,'.repeat(1000)}c=3`],
  ),
  members(
    'among half a million bytes of white space',
    [`baggage: brownout.run=r1,${' '.repeat(500_000)}a=1`],
    ['baggage: a=1'],
  ),
  members(
    'beside a part of a name, and in a value',
    ['baggage: xbrownout.run=0, a=brownout.run=0, brownout.run=r1, brownoutXrun=0'],
    ['baggage: xbrownout.run=0, a=brownout.run=0, brownoutXrun=0'],
  ),
];
