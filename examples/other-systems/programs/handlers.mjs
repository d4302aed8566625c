/** Handlers of the flow spec where it is ticked: by ticks.mjs, and by `flow spec tick`, since package.json names them. */
const work = {
  Fetch: ({ count }) => Array.from({ length: count }, (_, i) => (i + 1) ** 2),
  Total: ({ numbers }) => numbers.reduce((sum, n) => sum + n, 0),
};

export const handlers = {
  task: ({ params, data }) => {
    data.result = work[params.task](params.params);
  },
};
