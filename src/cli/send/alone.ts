import { createDisposables } from '../../common/disposables.ts';
import type { Io } from '../io.ts';
import { findSystem } from '../up/find-system.ts';
import { openService } from '../up/open-service.ts';
import { planSend } from './plan.ts';
import type { Asked, Told } from './told.ts';

/** Starts the system for one request, sends that, and puts all back. */
export async function sendAlone(
  asked: Asked,
  system: string | undefined,
  tell: (told: Told) => void,
  io: Io,
): Promise<void> {
  const file = await findSystem(system, 'brownout send --system');
  await using started = createDisposables();
  const { sender, under } = await openService({ file, seed: io.randomSeed(), io }, started);
  const sending = await sender.prepare(asked);
  // A service is slow when it has just started: its first answer is no measure.
  if (planSend(asked, under).contract) await sender.learn(asked, io.signal);
  await sending(tell, io.signal);
}
