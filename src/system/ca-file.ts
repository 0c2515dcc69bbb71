import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrownoutError, messageOf } from '../common/errors.ts';

/** The certificate of a run's authority as a file, for `NODE_EXTRA_CA_CERTS` and its like. It ends with the run. */
export interface CaFile extends AsyncDisposable {
  /** Writes it, the first time; gives its path. */
  holding(pem: string): Promise<string>;
}

export function createCaFile(): CaFile {
  let folder: Promise<string> | undefined;
  let written: Promise<string> | undefined;
  return {
    // One proxy has one authority: whoever asks again asks for the same certificate.
    holding: (pem) => (written ??= write(pem)),
    async [Symbol.asyncDispose]() {
      await written?.catch(() => {});
      const path = await folder?.catch(() => undefined);
      if (path !== undefined) await rm(path, { recursive: true, force: true });
    },
  };

  async function write(pem: string): Promise<string> {
    folder = mkdtemp(join(tmpdir(), 'brownout-'));
    try {
      const path = join(await folder, 'ca.pem');
      await writeFile(path, pem);
      return path;
    } catch (error) {
      const message = `the certificate of this run cannot be written to ${tmpdir()}: ${messageOf(error)}; name a folder that can be, by TMPDIR`;
      throw new BrownoutError('no_temporary_folder', message, { cause: error });
    }
  }
}
