// The edges of a random graph, the same for every run: each node but the first waits for one to three of the fifty before it.

const SEED = 44;

export function randomEdges(n) {
  let state = SEED;
  const next = (below) => {
    // Numerical Recipes' linear congruential generator, its upper bits.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  const edges = [];
  for (let to = 1; to < n; to++) {
    const sources = new Set();
    for (let i = 1 + next(3); i > 0; i--) sources.add(Math.max(0, to - 1 - next(50)));
    for (const from of sources) edges.push([from, to]);
  }
  return edges;
}
