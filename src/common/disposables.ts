/** Things that were started, to be put back together: the last first. (Node 20 has no AsyncDisposableStack.) */
export interface Disposables extends AsyncDisposable {
  /** Takes something in; gives it back. */
  use<T extends AsyncDisposable>(started: T): T;
}

export function createDisposables(): Disposables {
  const started: AsyncDisposable[] = [];
  return {
    use(one) {
      started.push(one);
      return one;
    },
    async [Symbol.asyncDispose]() {
      for (const one of started.splice(0).reverse()) await one[Symbol.asyncDispose]();
    },
  };
}
