/** A pool of connections of another library. */
export declare class Pool {
  constructor(options: { readonly connectionString: string; readonly max: number });
  query(text: string, values: readonly unknown[]): Promise<void>;
  end(): Promise<void>;
}
