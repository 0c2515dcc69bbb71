import type { Disposables } from '../../common/disposables.ts';
import type { ListenAddress } from '../../common/listen-address.ts';
import { version } from '../../common/version.ts';
import { startControl } from '../../proxy/control/start-control.ts';
import { startFrontDoor } from '../../system/front-door.ts';
import { binding } from '../proxy/port-errors.ts';
import { openService, type OpenService, type ServiceOptions } from './open-service.ts';
import { sendRoute } from './send-route.ts';

/** All that runs when `up` has come up. */
export interface Up extends OpenService {
  readonly page: string;
  readonly control: string;
}

export interface UpOptions extends ServiceOptions {
  readonly port: number;
  readonly control: ListenAddress;
  readonly token: string | undefined;
}

/** Starts the service, and a front door and a control API before it. */
export async function openUp(options: UpOptions, started: Disposables): Promise<Up> {
  const { port, control: at, token, seed, io } = options;
  const opened = await openService(options, started, async (target, { identities }) => {
    const door = await binding({ port }, '--port', () =>
      startFrontDoor({
        target,
        port,
        identify: (as) => identities.headersFor(as, io.signal),
      }),
    );
    return started.use(door).url;
  });
  const { under, system, sender } = opened;
  const { spec, contracts, page = '' } = under;
  const about = {
    version: version(),
    seed,
    system: spec.system,
    file: under.file,
    page,
    service: under.instance.url,
    identities: Object.keys(spec.identities),
    contracts: contracts.map(({ contract }) => contract.contract),
    presets: Object.keys(spec.presets ?? {}),
  };
  const extend = sendRoute(sender, io.signal);
  const control = started.use(
    await binding(at, '--control host:port', () =>
      startControl({ proxy: system.proxy, ...at, token, extend, ...about }),
    ),
  );
  return { ...opened, page, control: control.url };
}
