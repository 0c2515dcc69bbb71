/** Every contender is a process of its own, started by `startChild`, which ends with the process that has started it. */

/** The port of the upstream. */
export const upstream = Number(process.argv[2]);

/** What this contender is asked to be. */
export const variant = process.argv[3] ?? '';

/** Tells the bench where to send requests; `commands` are what it may ask of the contender besides. */
export function ready(port, commands = {}) {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, name, args }) => {
    const tell = (answer) => process.connected && process.send({ id, ...answer });
    commands[name](...args).then(
      (value) => tell({ value }),
      (error) => tell({ error: String(error) }),
    );
  });
  process.send({ port });
}
