/** Resources that local jobs share: opened for the first that asks, closed once when the last that uses them is over. */

/** One that is open. */
export interface OpenedResource<T> {
  readonly resource: T;
  close(): Promise<unknown>;
}

/** What is opened once for all jobs that use it. It is made anew for each run. */
export class Shared<T> {
  /** Name in messages. */
  readonly label: string;
  /** Opens one. */
  readonly open: () => Promise<OpenedResource<T>>;

  constructor(open: () => Promise<OpenedResource<T>>, label: string) {
    this.label = label;
    this.open = open;
  }
}

/** A resource of local jobs: `const link = shared(() => connect(), (it) => it.close())`. Jobs list it under `uses`. */
export function shared<T>(
  open: () => T | Promise<T>,
  close: (resource: T) => unknown,
  { label = open.name || "resource" }: { readonly label?: string } = {},
): Shared<T> {
  const opened = async (): Promise<OpenedResource<T>> => {
    const resource = await open();
    return { resource, close: async () => close(resource) };
  };
  return new Shared(opened, label);
}
