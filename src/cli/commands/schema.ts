import { Argument, Command } from 'commander';
import { SCHEMA_KINDS, type SchemaKind } from '../../scenario/format/kinds.ts';
import { EXPLAIN } from '../groups.ts';
import type { Io } from '../io.ts';

export const schema = (io: Io): Command =>
  new Command('schema')
    .description('print the JSON Schema of a kind of file, for editors')
    .helpGroup(EXPLAIN)
    .addArgument(new Argument('<kind>', 'the kind of file').choices(SCHEMA_KINDS))
    .addHelpText('after', '\nExample:\n  brownout schema scenario > scenario.schema.json')
    .action(async (kind: SchemaKind) => {
      const { schemaOf } = await import('../../scenario/format/schema.ts');
      io.stdout.write(`${JSON.stringify(schemaOf(kind), null, 2)}\n`);
    });
