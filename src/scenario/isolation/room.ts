/** An instance that many may use at once, or one alone. Whoever comes first is let in first. */
export interface Room {
  /** Among others. Gives what leaves it. */
  among(): Promise<() => void>;
  /** Alone: when all others have left, and before any who come later. Gives what leaves it. */
  alone(): Promise<() => void>;
}

export function createRoom(): Room {
  const waiting: { readonly alone: boolean; readonly enter: () => void }[] = [];
  let inside = 0;
  let isTaken = false;

  return { among: () => come(false), alone: () => come(true) };

  function come(alone: boolean): Promise<() => void> {
    return new Promise((resolve) => {
      const enter = () => {
        inside++;
        isTaken = alone;
        resolve(() => {
          inside--;
          isTaken = false;
          letIn();
        });
      };
      waiting.push({ alone, enter });
      letIn();
    });
  }

  function letIn(): void {
    for (;;) {
      const [next] = waiting;
      if (!next || isTaken || (next.alone && inside > 0)) return;
      waiting.shift();
      next.enter();
    }
  }
}
