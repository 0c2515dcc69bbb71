import type { Kysely } from 'kysely';
import { atMost, oneOf } from '../checks.ts';
import type { Dialect } from '../dialect.ts';

export async function up(db: Kysely<unknown>, { text, options }: Dialect): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', text, (column) => column.notNull().primaryKey())
    .addColumn('username', text, (column) => column.notNull())
    .addColumn('email', text, (column) => column.notNull())
    .addColumn('account_type', text, (column) => column.notNull())
    .addColumn('location', text, (column) => column.notNull())
    .addColumn('password_salt', text, (column) => column.notNull())
    .addColumn('password_hash', text, (column) => column.notNull())
    .addUniqueConstraint('accounts_username_key', ['username'])
    .addUniqueConstraint('accounts_email_key', ['email'])
    .addCheckConstraint('accounts_id_length', atMost(36, 'id'))
    .addCheckConstraint('accounts_username_length', atMost(150, 'username'))
    .addCheckConstraint('accounts_email_length', atMost(254, 'email'))
    .addCheckConstraint('accounts_account_type_check', oneOf('account_type', ['PL', 'CO']))
    .addCheckConstraint('accounts_location_length', atMost(100, 'location'))
    .modifyEnd(options)
    .execute();
}
