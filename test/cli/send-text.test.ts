import { expect } from 'chai';
import { layOut } from '../../src/cli/send/lay-out.ts';
import { sameCommand } from '../../src/cli/send/same-command.ts';

describe('a body on the screen', () => {
  it('is laid out as JSON, and what fits into a line is left on one', () => {
    const body = { name: 'a game', rows: [{ score: 1 }, { score: 2 }], none: [], empty: {} };
    expect(layOut(JSON.stringify(body), 60)).to.deep.equal([
      '{',
      '  "name": "a game",',
      '  "rows": [{ "score": 1 }, { "score": 2 }],',
      '  "none": [],',
      '  "empty": {}',
      '}',
    ]);
    expect(layOut('{"a":[1,null,"x"]}', 80)).to.deep.equal(['{ "a": [1, null, "x"] }']);
    expect(layOut('[{"a":1},{"a":2}]', 14)).to.deep.equal([
      '[',
      '  { "a": 1 },',
      '  { "a": 2 }',
      ']',
    ]);
  });

  it('is left as it is where it is none', () => {
    expect(layOut('<h1>\r\nno\n</h1>', 80)).to.deep.equal(['<h1>', 'no', '</h1>']);
    expect(layOut('', 80)).to.deep.equal([]);
  });
});

describe('the command that sends the same once more', () => {
  it('says all that was asked for, as a shell takes it', () => {
    const asked = {
      method: 'POST',
      path: "/a?b='c'",
      as: 'ada',
      headers: { prefer: 'no & yes' },
      json: { a: 1 },
      contract: 'open-game',
      faults: ['player-stats#2=status:503'],
      presets: ['offline'],
    };
    expect(sameCommand(asked, { control: 'http://127.0.0.1:1' })).to.equal(
      `brownout send POST '/a?b='\\''c'\\''' --fault 'player-stats#2=status:503' --preset offline --as ada --header 'prefer: no & yes' --data '{"a":1}' --contract open-game --control http://127.0.0.1:1`,
    );
    expect(sameCommand({}, { system: 'a b.yaml' })).to.equal("brownout send --system 'a b.yaml'");
    expect(sameCommand({ entry: 17 }, {})).to.equal('brownout replay 17');
  });
});
