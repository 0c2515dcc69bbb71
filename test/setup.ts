// A process warning (a leaked listener, a deprecation, an early rejection handled late) is a defect that no assertion sees.
process.on('warning', (warning) => {
  throw warning;
});

// What programs print is compared as text, whatever the terminal of the tests can show.
delete process.env['FORCE_COLOR'];

// The tests of the portal's storage run on this server as well. All others, and the programs that they start, keep to the embedded one.
export const DATABASE_URL = process.env['DATABASE_URL'];
delete process.env['DATABASE_URL'];
