// A process warning (a leaked listener, a deprecation, an early rejection handled late) is a defect that no assertion sees.
process.on('warning', (warning) => {
  throw warning;
});
