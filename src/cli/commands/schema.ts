import { Argument, Command } from 'commander';
import { SCHEMAS, schemaOf, type SchemaKind } from '../../scenario/schema.ts';
import type { Io } from '../io.ts';

export const schema = (io: Io): Command =>
  new Command('schema')
    .description('print the JSON Schema of a kind of file, for editors')
    .addArgument(new Argument('<kind>', 'the kind of file').choices(Object.keys(SCHEMAS)))
    .addHelpText('after', '\nExample:\n  brownout schema scenario > scenario.schema.json')
    .action((kind: SchemaKind) => {
      io.stdout.write(`${JSON.stringify(schemaOf(kind), null, 2)}\n`);
    });
